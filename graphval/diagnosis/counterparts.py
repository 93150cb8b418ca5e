"""The other side of a mistake: MediaPipe names the end of a connection at which it noticed, which is not always the end
that is wrong.

A stream without a producer may be misspelt by its reader or by its writer. What is said here stands beside a finding as
a related place, never instead of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.diagnosis.places import Blame, fields
from graphval.findings import Related
from graphval.graph import Endpoint, Graph, Node, Wiring, resolve

_SHOWN = 3
_STREAM_LACKS = re.compile(
    r'Input Stream "(?P<stream>[^"]+)" for node .* does not have|observer to output stream "(?P<output>[^"]+)"'
)
_SIDE_LACKS = re.compile(r'Side packet "(?P<name>[^"]+)" is required but was not provided|No \w+ data available')
_SIDE_DIFFERS = re.compile(r'Input side packet "(?P<name>[^"]+)" of Calculator "[^"]*" expected a packet of type')
_STREAM_DIFFERS = re.compile(r'[Pp]acket type mismatch on a? ?calculator .*? stream "(?P<stream>[^"]+)"')
_TAG_LACKS = re.compile(r"requires: (?P<tag>REQUEST|RESPONSE) tag")
_THREADS = re.compile(
    r"num_threads field (?:should not both|.*both be)|default executor and the graph-level num_threads"
)


def counterparts(graph: Graph, blamed: Blame, *texts: str) -> tuple[Related, ...]:
    """What else in the graph the mistake may lie in, most likely first; nothing that is blamed already."""
    found = [related for text in texts for related in _found(graph, text)]
    unique = {r.location: r for r in reversed(found) if r.location != blamed.place.span}
    return tuple(reversed(unique.values()))[:_SHOWN]


def _found(graph: Graph, text: str) -> Iterator[Related]:
    if _STREAM_LACKS.search(text):
        yield from _unread(resolve(graph))
        yield from _silent(graph)
    if _SIDE_LACKS.search(text):
        yield from _untaken(resolve(graph))
        yield from _silent(graph)
    if (differs := _SIDE_DIFFERS.search(text)) is not None:
        for end in resolve(graph).side_producers.get(differs["name"], ()):
            yield _at(end, f'"{differs["name"]}" is made here')
    if (differs := _STREAM_DIFFERS.search(text)) is not None:
        for end in resolve(graph).consumers.get(differs["stream"], ()):
            yield _at(end, f'"{differs["stream"]}" is read here')
    if (lacks := _TAG_LACKS.search(text)) is not None:
        for connection in graph.inputs if lacks["tag"] == "REQUEST" else graph.outputs:
            if not connection.text.startswith(lacks["tag"]):
                yield Related(f"without the tag {lacks['tag']}", connection.place.span)
    if _THREADS.search(text):
        for executor in graph.executors:
            if not executor.name:
                yield Related("the default executor", executor.place.span)


def _unread(wiring: Wiring) -> Iterator[Related]:
    for name, ends in wiring.producers.items():
        if name and not wiring.consumers.get(name):
            yield from (_at(end, f'nobody reads "{name}"') for end in ends)


def _untaken(wiring: Wiring) -> Iterator[Related]:
    for name, ends in wiring.side_producers.items():
        if name and not wiring.side_consumers.get(name):
            yield from (_at(end, f'nobody takes "{name}"') for end in ends)


def _silent(graph: Graph) -> Iterator[Related]:
    for node in graph.nodes:
        if not list(node.outputs) and not list(node.output_side_packets):
            yield Related("this node gives nothing", node.calculator_place.span)


def _at(end: Endpoint, message: str) -> Related:
    return Related(message, end.connection.place.span)


def unmatched_key(node: Node) -> Blame | None:
    """A tag in a map of tensor names that is no tag of the node: what it should have mapped goes by another name."""
    tags = {connection.tag for tag_map in (node.inputs, node.outputs) for connection in tag_map}
    for options in node.node_options:
        for field in fields(options):
            if field.name == "key" and field.string not in tags:
                return Blame(field.place, node)
    return None


__all__ = ["counterparts", "unmatched_key"]
