"""Who produces and who consumes each stream and side packet, and where streams run in circles."""

from __future__ import annotations

from collections.abc import Iterable

from graphval.graph.model import Graph, Node
from graphval.graph.tagmap import Connection, TagMap


class Endpoint:
    """A connection and its owner; ``node`` is ``None`` for the graph's own inputs and outputs. Nobody changes one once
    it is made."""

    __slots__ = ("connection", "node")

    def __init__(self, node: Node | None, connection: Connection) -> None:
        self.node = node
        self.connection = connection


class Wiring:
    """Producers and consumers by stream name, in text order (graph inputs first, graph outputs last).

    ``back_edges`` are inputs declared as such, as (node position, tag, index). ``cycles`` are the groups of nodes that
    wait for each other, back edges left out, side packets included.
    """

    __slots__ = ("back_edges", "consumers", "cycles", "producers", "side_consumers", "side_producers")

    def __init__(self) -> None:
        self.producers: dict[str, list[Endpoint]] = {}
        self.consumers: dict[str, list[Endpoint]] = {}
        self.side_producers: dict[str, list[Endpoint]] = {}
        self.side_consumers: dict[str, list[Endpoint]] = {}
        self.back_edges: set[tuple[int, str, int]] = set()
        self.cycles: list[list[Node]] = []

    def producer(self, name: str) -> Endpoint | None:
        """The first producer of a stream, graph inputs included."""
        return next(iter(self.producers.get(name, ())), None)

    def side_producer(self, name: str) -> Endpoint | None:
        return next(iter(self.side_producers.get(name, ())), None)

    def is_back_edge(self, node: Node, connection: Connection) -> bool:
        return (node.position, connection.tag, connection.index) in self.back_edges


def resolve(graph: Graph) -> Wiring:
    """The wiring of a graph. Malformed names take part under the name that can be guessed."""
    wiring = Wiring()
    _add(wiring.producers, None, graph.inputs)
    for node in graph.nodes:
        _add(wiring.producers, node, node.outputs)
        _add(wiring.consumers, node, node.inputs)
        _add(wiring.side_producers, node, node.output_side_packets)
        _add(wiring.side_consumers, node, node.input_side_packets)
        for info in node.stream_infos:
            connection = node.inputs.find(info.tag_index) if info.back_edge else None
            if connection is not None:
                wiring.back_edges.add((node.position, connection.tag, connection.index))
    _add(wiring.consumers, None, graph.outputs)
    wiring.cycles = _cycles(graph, wiring)
    return wiring


def _add(table: dict[str, list[Endpoint]], node: Node | None, entries: TagMap) -> None:
    for connection in entries:
        table.setdefault(connection.name, []).append(Endpoint(node, connection))


def _cycles(graph: Graph, wiring: Wiring) -> list[list[Node]]:
    """Strongly connected groups (Tarjan, iterative) over streams that are no back edges, and side packets."""
    steps: list[tuple[int, int]] = []
    only_forward = True
    for node in graph.nodes:
        feeding: list[Endpoint] = []
        for connection in node.inputs:
            if not wiring.is_back_edge(node, connection):
                feeding += wiring.producers.get(connection.name, ())
        for connection in node.input_side_packets:
            feeding += wiring.side_producers.get(connection.name, ())
        for endpoint in feeding:
            if endpoint.node is not None:
                steps.append((endpoint.node.position, node.position))
                only_forward = only_forward and endpoint.node.position < node.position
    if only_forward:
        return []
    successors: dict[int, list[int]] = {node.position: [] for node in graph.nodes}
    for before, after in steps:
        successors[before].append(after)
    groups = _strongly_connected(successors)
    return [
        [graph.nodes[position] for position in sorted(group)]
        for group in groups
        if len(group) > 1 or group[0] in successors[group[0]]
    ]


def _strongly_connected(successors: dict[int, list[int]]) -> list[list[int]]:
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    groups: list[list[int]] = []
    for root in successors:
        if root in order:
            continue
        work: list[tuple[int, Iterable[int]]] = [(root, iter(successors[root]))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            vertex, rest = work[-1]
            for following in rest:
                if following not in order:
                    order[following] = low[following] = len(order)
                    stack.append(following)
                    on_stack.add(following)
                    work.append((following, iter(successors[following])))
                    break
                if following in on_stack:
                    low[vertex] = min(low[vertex], order[following])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[vertex])
                if low[vertex] == order[vertex]:
                    group: list[int] = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == vertex:
                            break
                    groups.append(group)
    return groups
