"""The third step of the layout: where each vertex lies from left to right, once the order within ranks is settled.

Every vertex wants to lie where its edges run straight; the order and the widths say how near vertices may come. For one
rank that is an isotonic regression, which pooling adjacent violators solves at once; sweeps over the ranks settle it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ONE_SIDED, _BOTH = 4, 10
"""Sweeps that look at the rank before, then sweeps that look at both neighbours."""


@dataclass(frozen=True, slots=True)
class Pull:
    """``vertex`` wants to lie ``offset`` right of ``other``'s centre, and how much."""

    other: int
    offset: float
    weight: float


@dataclass(frozen=True, slots=True)
class Pulls:
    """The wishes of each vertex, by vertex, from the rank above and the one below."""

    up: Sequence[Sequence[Pull]]
    down: Sequence[Sequence[Pull]]


def place(layers: Sequence[Sequence[int]], widths: Sequence[float], gaps: Sequence[float], pulls: Pulls) -> list[float]:
    """The centres of all vertices. ``gaps`` is the room that each vertex keeps on its sides."""
    centre = [0.0] * len(widths)
    for layer in layers:
        right = 0.0
        for vertex in layer:
            centre[vertex] = right + widths[vertex] / 2
            right += widths[vertex] + gaps[vertex]
    for sides_down, sides_up in [((pulls.up,), (pulls.down,))] * _ONE_SIDED + [((pulls.up, pulls.down),) * 2] * _BOTH:
        for layer in layers:
            _settle(layer, widths, gaps, centre, sides_down)
        for layer in reversed(layers):
            _settle(layer, widths, gaps, centre, sides_up)
    left = min((centre[v] - widths[v] / 2 for v in range(len(widths))), default=0.0)
    return [x - left for x in centre]


def _settle(
    layer: Sequence[int],
    widths: Sequence[float],
    gaps: Sequence[float],
    centre: list[float],
    sides: Sequence[Sequence[Sequence[Pull]]],
) -> None:
    """Move the vertices of one rank to where they are pulled, as far as the others of the rank let them."""
    if not layer:
        return
    shift, wanted, weights = 0.0, [], []
    shifts = []
    for position, vertex in enumerate(layer):
        if position:
            before = layer[position - 1]
            shift += (widths[before] + widths[vertex]) / 2 + max(gaps[before], gaps[vertex])
        shifts.append(shift)
        pulls = [pull for side in sides for pull in side[vertex]]
        weight = sum(pull.weight for pull in pulls)
        if weight:
            wish = sum(pull.weight * (centre[pull.other] + pull.offset) for pull in pulls) / weight
        else:
            wish, weight = centre[vertex], 0.05
        wanted.append(wish - shift)
        weights.append(weight)
    for vertex, x, moved in zip(layer, _isotonic(wanted, weights), shifts, strict=True):
        centre[vertex] = x + moved


def _isotonic(wanted: Sequence[float], weights: Sequence[float]) -> Iterator[float]:
    """The non-decreasing numbers nearest to those wanted, by pooling neighbours that are the wrong way round."""
    pools: list[tuple[float, float, int]] = []
    for wish, weight in zip(wanted, weights, strict=True):
        pool = (wish, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, heavy, count = pools.pop()
            total = heavy + pool[1]
            pool = ((mean * heavy + pool[0] * pool[1]) / total, total, count + pool[2])
        pools.append(pool)
    for mean, _, count in pools:
        yield from (mean,) * count
