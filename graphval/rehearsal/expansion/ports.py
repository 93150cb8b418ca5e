"""Which port of a contract a connection means."""

from __future__ import annotations

from collections.abc import Iterable

from graphval.catalog import Port
from graphval.graph import Connection


def port_of(ports: Iterable[Port], connection: Connection) -> Port | None:
    """The port of a contract that a connection goes to; ``None`` where it knows none."""
    wildcard: Port | None = None
    named = False
    for port in ports:
        if port.tag == "*":
            wildcard = port
        elif port.tag == connection.tag:
            named = True
            if port.index != "single" or connection.index == (port.position or 0):
                return port
    if named or wildcard is None or (wildcard.index == "single" and connection.index != 0):
        return None
    return wildcard
