"""The first step of the layout: a rank for every box, and a chain of bends for every edge that passes ranks by.

After K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures" (1981), and
E. Gansner and others, "A technique for drawing directed graphs" (1993), which Graphviz ``dot`` follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from graphval.draw.picture import Picture

_PULLS = 6


@dataclass(slots=True)
class Layered:
    """Vertices in ranks, edges between neighbouring ranks only.

    The first vertices are the picture's boxes, the others are bends. ``chains`` gives each edge of the picture its
    vertices from source to target. The chain of a loop runs below its source, up beside it and over its target: the
    first and last bend of it are where it turns.
    """

    boxes: int
    rank: list[int]
    up: list[list[int]] = field(default_factory=list)
    down: list[list[int]] = field(default_factory=list)
    chains: list[list[int]] = field(default_factory=list)
    loops: set[int] = field(default_factory=set)
    """Edges, by number, that run against the ranks."""

    def __len__(self) -> int:
        return len(self.rank)

    def layers(self) -> list[list[int]]:
        """The vertices of each rank, boxes first."""
        layers: list[list[int]] = [[] for _ in range(max(self.rank, default=-1) + 1)]
        for vertex, rank in enumerate(self.rank):
            layers[rank].append(vertex)
        return layers

    def _vertex(self, rank: int) -> int:
        self.rank.append(rank)
        self.up.append([])
        self.down.append([])
        return len(self.rank) - 1

    def _link(self, upper: int, lower: int) -> None:
        self.down[upper].append(lower)
        self.up[lower].append(upper)


def make_layers(picture: Picture) -> Layered:
    """Rank the boxes and chain the edges. Edges of one port share their bends, so that a stream forks late."""
    count = len(picture.boxes)
    pairs = [(edge.source[0], edge.target[0]) for edge in picture.edges]
    loops = {n for n, edge in enumerate(picture.edges) if edge.back or edge.source[0] == edge.target[0]}
    loops |= _closing(count, pairs, loops)
    ranks = _ranks(count, [pair for n, pair in enumerate(pairs) if n not in loops])
    # What is declared a back edge and leads down all the same is drawn like any other.
    loops = {n for n in loops if ranks[pairs[n][0]] >= ranks[pairs[n][1]]}
    if any(ranks[pairs[n][1]] == 0 for n in loops):
        ranks = [rank + 1 for rank in ranks]  # a loop turns above its target
    layered = Layered(count, ranks, [[] for _ in range(count)], [[] for _ in range(count)], loops=loops)
    trunks: dict[tuple[int, int], list[int]] = defaultdict(list)
    linked: set[tuple[int, int]] = set()
    for number, edge in enumerate(picture.edges):
        if number in loops:
            layered.chains.append(_loop_chain(layered, edge.source[0], edge.target[0]))
            continue
        source, target = edge.source[0], edge.target[0]
        trunk = trunks[edge.source]
        while len(trunk) < ranks[target] - ranks[source] - 1:
            bend = layered._vertex(ranks[source] + len(trunk) + 1)
            layered._link(trunk[-1] if trunk else source, bend)
            trunk.append(bend)
        bends = trunk[: ranks[target] - ranks[source] - 1]
        last = bends[-1] if bends else source
        # Two inputs that take the same stream pull twice, but a shared bend is linked once.
        if last == source or (last, target) not in linked:
            layered._link(last, target)
            linked.add((last, target))
        layered.chains.append([source, *bends, target])
    return layered


def _loop_chain(layered: Layered, source: int, target: int) -> list[int]:
    """Below the source, up to the target's rank beside both, above the target."""
    below, above = layered.rank[source] + 1, layered.rank[target] - 1
    chain = [source]
    for rank in range(below, above - 1, -1):
        bend = layered._vertex(rank)
        if rank == below:
            layered._link(source, bend)
        else:
            layered._link(bend, chain[-1])
        chain.append(bend)
    layered._link(chain[-1], target)
    return [*chain, target]


def _closing(count: int, pairs: Sequence[tuple[int, int]], without: set[int]) -> set[int]:
    """Edges that close circles, found by a search in depth in the order of the text."""
    outgoing: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, (source, target) in enumerate(pairs):
        if number not in without:
            outgoing[source].append((number, target))
    closing: set[int] = set()
    state = [0] * count  # 0 not met, 1 on the path, 2 done
    for root in range(count):
        if state[root]:
            continue
        state[root] = 1
        path = [(root, iter(outgoing[root]))]
        while path:
            vertex, rest = path[-1]
            for number, target in rest:
                if state[target] == 1:
                    closing.add(number)
                elif state[target] == 0:
                    state[target] = 1
                    path.append((target, iter(outgoing[target])))
                    break
            else:
                state[vertex] = 2
                path.pop()
    return closing


def _ranks(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """As high as the producers allow, then each box as near to its neighbours as it can go."""
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        before[target].append(source)
        after[source].append(target)
    waiting = [len(sources) for sources in before]
    ready = [vertex for vertex in range(count) if not waiting[vertex]]
    ranks = [0] * count
    order: list[int] = []
    while ready:
        vertex = ready.pop()
        order.append(vertex)
        for target in after[vertex]:
            ranks[target] = max(ranks[target], ranks[vertex] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for _ in range(_PULLS):
        moved = False
        for vertex in reversed(order):
            if len(after[vertex]) > len(before[vertex]):
                nearest = min(ranks[target] for target in after[vertex]) - 1
                moved = moved or nearest != ranks[vertex]
                ranks[vertex] = nearest
        if not moved:
            break
    lowest = min(ranks, default=0)
    return [rank - lowest for rank in ranks]
