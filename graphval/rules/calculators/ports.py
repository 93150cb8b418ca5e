"""Which port of a contract a connection means, and which required ports are left without one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.catalog import Port
from graphval.graph import Connection, TagMap

CHANNEL = "C<n>__<TAG>"
"""The tag of a port of the switch calculators: one for each channel and tag of the other side."""

_CHANNEL = re.compile(r"C[0-9]+__")

NO_TYPE = "untyped"
"""A port that a contract names but never types: connecting it is refused like an unknown one."""


def port_of(ports: tuple[Port, ...], connection: Connection) -> Port | None:
    """The port a connection goes to; ``None`` where the contract does not expect it."""
    wildcard: Port | None = None
    for port in ports:
        if port.tag == "*":
            wildcard = port
        elif port.tag == CHANNEL:
            if _CHANNEL.match(connection.tag):
                return port
        elif port.tag == connection.tag and _covers(port, connection.index):
            return port if port.type != NO_TYPE else None
    if any(port.tag == connection.tag for port in ports):
        return None
    if wildcard is not None and (wildcard.index != "single" or connection.index == 0):
        return wildcard
    return None


def _covers(port: Port, index: int) -> bool:
    if port.index == "single":
        return index == (port.position or 0)
    return True


def missing_ports(ports: tuple[Port, ...], connections: TagMap) -> Iterator[tuple[Port, int]]:
    """Required ports without a connection, with the index that MediaPipe would ask for."""
    for port in ports:
        if port.optional or port.tag == "*":
            continue
        wanted = [port.position or 0] if port.index == "single" else range(max(1, port.min_count))
        for index in wanted:
            if connections.get(port.tag, index) is None:
                yield port, index
                break


def written(tag: str, index: int) -> str:
    """How a port is written in a graph, name left open."""
    if not tag:
        return '"…"'
    return f'"{tag}:…"' if index == 0 else f'"{tag}:{index}:…"'
