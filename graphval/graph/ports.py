"""Which port of a contract a connection means."""

from __future__ import annotations

import re

from graphval.catalog import Port
from graphval.graph.tagmap import Connection

CHANNEL = "C<n>__<TAG>"
"""The tag of a port of the switch calculators: one for each channel and tag of the other side."""

_CHANNEL = re.compile(r"C[0-9]+__")


def port_of(ports: tuple[Port, ...], connection: Connection) -> Port | None:
    """The port a connection goes to; ``None`` where the contract knows none."""
    tag, index = connection.tag, connection.index
    wildcard: Port | None = None
    named = False
    for port in ports:
        if port.tag == tag:
            if port.indexes != "single" or index == (port.position or 0):
                return port
            named = True
        elif port.tag == "*":
            wildcard = port
        elif port.tag == CHANNEL and _CHANNEL.match(tag):
            return port
    if named or wildcard is None or (wildcard.indexes == "single" and index != 0):
        return None
    return wildcard
