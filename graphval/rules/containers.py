"""What a ``SwitchContainer`` hands on between its own connections and those of the nodes inside.

MediaPipe replaces a container by its nodes, each between one node that hands on what comes in and one that hands on
what comes out: a stream has one packet type outside and inside.

Source: MediaPipe ``framework/tool/switch_container.cc``, ``switch_demux_calculator.cc`` and
``switch_mux_calculator.cc`` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graphval.catalog import Port
from graphval.graph import Connection, Node, TagMap, holds_nodes, is_container
from graphval.graph.ports import CHANNEL


class Handed(NamedTuple):
    """A stream, or with ``side`` a side packet, between a connection of the container, ``border``, and one of a node
    inside; ``written`` is the one of both that packets come from."""

    side: bool
    written: Connection
    read: Connection
    border: Connection
    container: Node
    inner: Node


def handed_on(container: Node, inner: Node) -> Iterator[Handed]:
    """All that goes into a node inside and comes out of it."""
    lists = (
        (False, True, container.inputs, inner.inputs),
        (False, False, container.outputs, inner.outputs),
        (True, True, container.input_side_packets, inner.input_side_packets),
        (True, False, container.output_side_packets, inner.output_side_packets),
    )
    for side, inwards, borders, connections in lists:
        for connection in connections:
            border = same_entry(borders, connection)
            if border is not None:
                written, read = (border, connection) if inwards else (connection, border)
                yield Handed(side, written, read, border, container, inner)


def same_entry(entries: TagMap, connection: Connection) -> Connection | None:
    """The entry of another list that stands for the same stream or side packet."""
    found = entries.get(connection.tag, connection.index)
    return found if found is not None and found.name == connection.name else None


def switched_from_nothing(node: Node, port: Port, connection: Connection) -> bool:
    """Whether an output side packet would have its type from what a switch hands on, and there is nothing."""
    if node.registered_as == "SwitchMuxCalculator":
        return all(c.tag.partition("__")[2] != connection.tag for c in node.input_side_packets)
    return port.tag == CHANNEL or (is_container(node) and not holds_nodes(node))
