"""The second step of the layout: the order within each rank, so that few edges cross.

Weighted medians in sweeps down and up, then neighbours are exchanged as long as that undoes crossings (Gansner and
others, 1993, section 3). The best order of several beginnings is kept.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

from graphval.draw.ranks import Layered

_SWEEPS = 10
_EXCHANGES = 6
_LARGE = 400
"""Vertices beyond which one beginning must do."""


def order_layers(layered: Layered) -> list[list[int]]:
    """The vertices of each rank from left to right."""
    best: list[list[int]] = []
    fewest: int | None = None
    beginnings = (_as_written, _in_depth, _backwards)
    for begin in beginnings if len(layered) <= _LARGE else beginnings[:1]:
        layers, crossings = _improve(layered, begin(layered))
        if fewest is None or crossings < fewest:
            best, fewest = layers, crossings
        if not fewest:
            break
    return best


def count_crossings(layered: Layered, layers: Sequence[Sequence[int]]) -> int:
    """How many pairs of edges between neighbouring ranks cross in this order."""
    return sum(_between(layered, upper, lower) for upper, lower in pairwise(layers))


def _between(layered: Layered, upper: Sequence[int], lower: Sequence[int]) -> int:
    place = {vertex: position for position, vertex in enumerate(lower)}
    met: list[int] = []
    crossings = 0
    for vertex in upper:
        ends = [place[target] for target in layered.down[vertex]]
        crossings += sum(len(met) - bisect_right(met, end) for end in ends)
        for end in ends:
            insort(met, end)
    return crossings


def _as_written(layered: Layered) -> list[list[int]]:
    return layered.layers()


def _backwards(layered: Layered) -> list[list[int]]:
    return [layer[::-1] for layer in layered.layers()]


def _in_depth(layered: Layered) -> list[list[int]]:
    """What hangs together lies together: ranks filled by a search in depth from above."""
    layers: list[list[int]] = [[] for _ in layered.layers()]
    seen = [False] * len(layered)
    for root in sorted(range(len(layered)), key=lambda vertex: layered.rank[vertex]):
        stack = [root]
        while stack:
            vertex = stack.pop()
            if seen[vertex]:
                continue
            seen[vertex] = True
            layers[layered.rank[vertex]].append(vertex)
            stack += reversed((*layered.up[vertex], *layered.down[vertex]))
    return layers


def _improve(layered: Layered, layers: list[list[int]]) -> tuple[list[list[int]], int]:
    best, fewest = [list(layer) for layer in layers], count_crossings(layered, layers)
    since = 0
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        neighbours = layered.up if downwards else layered.down
        for rank in range(1, len(layers)) if downwards else range(len(layers) - 2, -1, -1):
            fixed = layers[rank - 1 if downwards else rank + 1]
            _by_medians(layers[rank], fixed, neighbours)
        _exchange(layered, layers)
        crossings = count_crossings(layered, layers)
        if crossings < fewest:
            best, fewest, since = [list(layer) for layer in layers], crossings, 0
        else:
            since += 1
        if not fewest or since > 4:
            break
    return best, fewest


def _by_medians(layer: list[int], fixed: Sequence[int], neighbours: Sequence[Sequence[int]]) -> None:
    """Sort a rank by the medians of its neighbours' places; who has none keeps its place."""
    place = {vertex: position for position, vertex in enumerate(fixed)}
    wanted = {vertex: _median(sorted(place[n] for n in neighbours[vertex])) for vertex in layer if neighbours[vertex]}
    movable = iter(sorted(wanted, key=wanted.__getitem__))
    layer[:] = [next(movable) if vertex in wanted else vertex for vertex in layer]


def _median(places: Sequence[int]) -> float:
    middle = len(places) // 2
    if len(places) % 2:
        return places[middle]
    if len(places) == 2:
        return sum(places) / 2
    left, right = places[middle - 1] - places[0], places[-1] - places[middle]
    if left + right == 0:
        return (places[middle - 1] + places[middle]) / 2
    return (places[middle - 1] * right + places[middle] * left) / (left + right)


def _exchange(layered: Layered, layers: Sequence[list[int]]) -> None:
    """Exchange neighbours as long as crossings vanish."""
    for _ in range(_EXCHANGES):
        gained = 0
        for rank, layer in enumerate(layers):
            above = _places(layers[rank - 1]) if rank else {}
            below = _places(layers[rank + 1]) if rank + 1 < len(layers) else {}
            ends = {v: (_ends(layered.up[v], above), _ends(layered.down[v], below)) for v in layer}
            for position in range(len(layer) - 1):
                left, right = ends[layer[position]], ends[layer[position + 1]]
                now = sum(_pairs(a, b) for a, b in zip(left, right, strict=True))
                then = sum(_pairs(b, a) for a, b in zip(left, right, strict=True))
                if then < now:
                    layer[position], layer[position + 1] = layer[position + 1], layer[position]
                    gained += now - then
        if not gained:
            return


def _places(layer: Sequence[int]) -> dict[int, int]:
    return {vertex: position for position, vertex in enumerate(layer)}


def _ends(neighbours: Sequence[int], places: dict[int, int]) -> list[int]:
    return sorted(places[neighbour] for neighbour in neighbours)


def _pairs(left: Sequence[int], right: Sequence[int]) -> int:
    """How many edges of two neighbours cross while the first lies left: those whose ends are the other way round."""
    return sum(len(left) - bisect_right(left, end) for end in right)
