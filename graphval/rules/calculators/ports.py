"""Which port of a contract a connection means, and which required ports are left without one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from graphval.catalog import Port
from graphval.graph import Connection, TagMap

CHANNEL = "C<n>__<TAG>"
"""The tag of a port of the switch calculators: one for each channel and tag of the other side."""

_CHANNEL = re.compile(r"C[0-9]+__")

NO_TYPE = "untyped"
"""A port that a contract names but never types: connecting it is refused like an unknown one."""


def port_of(ports: tuple[Port, ...], connection: Connection) -> Port | None:
    """The port a connection goes to; ``None`` where the contract does not expect it."""
    tag, index = connection.tag, connection.index
    wildcard: Port | None = None
    named = False
    for port in ports:
        if port.tag == tag:
            if port.index != "single" or index == (port.position or 0):
                return port if port.type != NO_TYPE else None
            named = True
        elif port.tag == "*":
            wildcard = port
        elif port.tag == CHANNEL and _CHANNEL.match(tag):
            return port
    if named or wildcard is None or (wildcard.index == "single" and index != 0):
        return None
    return wildcard


def missing_ports(ports: tuple[Port, ...], connections: TagMap) -> Iterator[tuple[Port, int]]:
    """Required ports without a connection, with the index that MediaPipe would ask for."""
    for port in ports:
        if port.optional or port.tag == "*":
            continue
        first = port.position or 0 if port.index == "single" else 0
        if connections.get(port.tag, first) is None:
            yield port, first
        elif port.min_count > 1 and port.index != "single":
            missing = (index for index in range(1, port.min_count) if connections.get(port.tag, index) is None)
            yield from ((port, index) for index in islice(missing, 1))


def written(tag: str, index: int) -> str:
    """How a port is written in a graph, name left open."""
    if not tag:
        return '"…"'
    return f'"{tag}:…"' if index == 0 else f'"{tag}:{index}:…"'
