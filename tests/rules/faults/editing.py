"""Ways to put a mistake into the text of a good graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from graphval.graph import Connection, Node
from graphval.textproto import Place

from .graphs import Good


def replaced(good: Good, place: Place, text: str) -> str:
    """The graph's text with a place of it written otherwise."""
    return good.text[: place.start] + text + good.text[place.end :]


def renamed(good: Good, connection: Connection, entry: str) -> str:
    """A stream or side packet entry written otherwise."""
    return replaced(good, connection.place, f'"{entry}"')


def without(good: Good, places: Iterable[Place]) -> str:
    """The text without some places of it."""
    text = good.text
    for place in sorted(places, key=lambda place: place.start, reverse=True):
        text = text[: place.start] + text[place.end :]
    return text


def added(*lines: str) -> Callable[[Good], Iterator[str]]:
    """More at the end of the graph; ``{feed}`` stands for a stream that any node may read."""

    def into(good: Good) -> Iterator[str]:
        yield good.text.rstrip("\n") + "\n" + "\n".join(lines).replace("{feed}", good.feed) + "\n"

    return into


def within(node: Node, good: Good, text: str) -> str:
    """More at the end of a node."""
    end = node.place.end - 1
    return good.text[:end] + f" {text} " + good.text[end:]


def unless_written(field: str, into: Callable[[Good], Iterable[str]]) -> Callable[[Good], Iterable[str]]:
    """Only into graphs that do not have the (singular) field at their top level."""
    return lambda good: into(good) if good.graph.bound.first(field) is None else ()


def unpooled(into: Callable[[Good], Iterable[str]]) -> Callable[[Good], Iterable[str]]:
    """Only into graphs without a pool."""
    return lambda good: () if good.pooled else into(good)


def plain_nodes(good: Good) -> Iterator[Node]:
    """Nodes that are calculators, not subgraphs."""
    for node in good.graph:
        contract = good.context.contract(node)
        if contract is not None and contract.kind == "calculator":
            yield node


def node(calculator: str, connections: str, options: str = "", message: str = "") -> str:
    """A node; connections are ``> in``, ``< out``, ``} side packet`` and ``{ side packet made``, options those of the
    message called like the calculator."""
    fields = {">": "input_stream", "<": "output_stream", "}": "input_side_packet", "{": "output_side_packet"}
    written = " ".join(f'{fields[entry[0]]}: "{entry[1:]}"' for entry in connections.split())
    block = f"[type.googleapis.com/mediapipe.{message or calculator + 'Options'}]: {{ {options} }}"
    return f'node {{ calculator: "{calculator}" {written} {f"node_options: {{ {block} }}" if options else ""} }}'
