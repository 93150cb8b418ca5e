"""Which port of a contract a connection means, and which required ports are left without one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from graphval.catalog import Port, Ports
from graphval.catalog.contract import NO_TYPE
from graphval.graph import Connection, TagMap
from graphval.graph import ports as ports_of_graphs


def port_of(ports: Ports, connection: Connection) -> Port | None:
    """The port a connection goes to; ``None`` where the contract does not expect it."""
    port = ports.single.get((connection.tag, connection.index)) or ports_of_graphs.port_of(ports, connection)
    return port if port is not None and port.type != NO_TYPE else None


def plainly_fit(ports: Ports, connections: TagMap) -> bool:
    """Whether every connection has a port of its own and no required port lacks one, as is nearly always so; where it
    is not, the two may still go together."""
    return ports.required <= connections.at.keys() <= ports.single.keys()


def missing_ports(ports: Ports, connections: TagMap) -> Iterator[tuple[Port, int]]:
    """Required ports without a connection, with the index that MediaPipe would ask for."""
    if ports.required <= connections.at.keys():  # as nearly always
        return
    for port in ports:
        if port.optional or port.tag == "*":
            continue
        first = port.position or 0 if port.indexes == "single" else 0
        if connections.get(port.tag, first) is None:
            yield port, first
        elif port.indexes != "single":
            missing = (index for index in range(1, port.min_count) if connections.get(port.tag, index) is None)
            yield from ((port, index) for index in islice(missing, 1))


def written(tag: str, index: int) -> str:
    """How a port is written in a graph, name left open."""
    if not tag:
        return '"…"'
    return f'"{tag}:…"' if index == 0 else f'"{tag}:{index}:…"'
