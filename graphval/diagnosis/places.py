"""Finding what a name means in a graph, and the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphval.graph import Connection, Graph, Node, TagMap
from graphval.textproto import BoundField, BoundMessage, Place


@dataclass(frozen=True, slots=True)
class Blame:
    """``node`` is ``None`` where the graph's own border or the graph as a whole is meant. ``sure`` is false where
    nothing in the text led to a place and the whole graph is named."""

    place: Place
    node: Node | None
    sure: bool = True


def place_at(graph: Graph, line: int, column: int) -> Place:
    """The character at protobuf's line and column (columns count from 1, a tab to the next multiple of eight)."""
    text = graph.source.line(line)
    at, reached = 0, 1
    while at < len(text) and reached < column:
        reached = reached + 8 - (reached - 1) % 8 if text[at] == "\t" else reached + 1
        at += 1
    start = _offset(graph, line)
    return Place(graph.source, start + at, start + at + (1 if at < len(text) else 0))


def _offset(graph: Graph, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = graph.source.text.find("\n", offset) + 1
    return offset


def find_node(graph: Graph, name: str) -> Node | None:
    """The node of that name, or the subgraph node that an inner node's name begins with."""
    while name:
        node = graph.node_named(name) or next((n for n in graph.nodes if n.calculator == name), None)
        if node is not None:
            return node
        name, cut, _ = name.rpartition("__")
        if not cut:
            return None
    return None


def of_node(node: Node | None) -> Blame | None:
    """A node as a whole, at the name of its calculator; ``None`` where there is none."""
    return Blame(node.calculator_place, node) if node is not None else None


def of_entry(node: Node, quoted: list[str]) -> Blame | None:
    """The stream or side packet of a node that a message quotes; failing that, the entry that spoils its list."""
    for tag_map in maps(node):
        for connection in tag_map:
            if connection.text in quoted:
                return Blame(connection.place, node)
    # A tag map that breaks on two entries quotes their common name; the later one came too late.
    for tag_map in maps(node):
        for _first, second in tag_map.clashes:
            if second.name in quoted:
                return Blame(second.place, node)
        for tag, _index, connection in tag_map.gaps:
            if tag in quoted:
                return Blame(connection.place, node)
    return None


def entry_in(lists: list[TagMap], name: str, graph: Graph) -> Blame | None:
    """The first entry of these lists that has the name."""
    for tag_map in lists:
        for connection in tag_map:
            if connection.name == name:
                return with_owner(graph, connection)
    return None


def first_of(entries: TagMap) -> Blame | None:
    """The first entry of one of the graph's own lists."""
    first = next(iter(entries), None)
    return Blame(first.place, None) if first is not None else None


def with_owner(graph: Graph, connection: Connection) -> Blame:
    """An entry and the node that it belongs to, if it is not the graph's own."""
    owner = next((n for n in graph.nodes for m in maps(n) if any(c is connection for c in m)), None)
    return Blame(connection.place, owner)


def maps(node: Node) -> tuple[TagMap, ...]:
    """The lists of streams and side packets of a node."""
    return node.inputs, node.outputs, node.input_side_packets, node.output_side_packets


def words(node: Node) -> set[str]:
    """What a message may call a node or an entry of it."""
    entries = [c for tag_map in maps(node) for c in tag_map]
    return (
        {node.name, node.canonical_name}
        | {c.text for c in entries}
        | {c.name for c in entries}
        | {c.tag for c in entries}
    )


def handlers(graph: Graph) -> Iterator[tuple[Node | None, BoundMessage]]:
    """Every stream handler block, with its node; the graph's own has none."""
    for node in graph.nodes:
        for handler in (node.handler, node.output_handler):
            if handler is not None:
                yield node, handler.bound
    if graph.handler is not None:
        yield None, graph.handler.bound


def fields(message: BoundMessage) -> Iterator[BoundField]:
    """All fields below a message that hold no message."""
    pending = list(message.fields)
    while pending:
        field = pending.pop(0)
        if isinstance(field.value, BoundMessage):
            pending = [*field.value.fields, *pending]
        else:
            yield field


def same_id(written: object, wanted: str) -> bool:
    """Whether a ``tag_index`` as written is the id that MediaPipe prints (it adds the index 0)."""
    return isinstance(written, str) and wanted in (written, f"{written}:0", f"{written}0")
