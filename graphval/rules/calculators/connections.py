"""How the connections of a node go together with the contract of its calculator."""

from __future__ import annotations

from typing import NamedTuple

from graphval.catalog import Calculator, Port
from graphval.graph import Connection, Node, TagMap
from graphval.rules.calculators.ports import missing_ports, port_of
from graphval.rules.context import GraphContext, once


class Side(NamedTuple):
    """One list of a node that MediaPipe compares with the contract; ``kind`` is what it calls the list.

    ``missing``: required ports without a connection, with the index that MediaPipe would ask for. ``strays``:
    connections that go to no port.
    """

    kind: str
    ports: tuple[Port, ...]
    connections: TagMap
    missing: tuple[tuple[Port, int], ...]
    strays: tuple[Connection, ...]


@once
def sides(node: Node, context: GraphContext) -> tuple[Side, ...]:
    """The lists of a node that are compared; none where nothing is known of its calculator.

    Those of a subgraph all have to be found in it; of a calculator nobody asks for output side packets (GV307).
    """
    contract = context.contract(node)
    if contract is None:
        return ()
    return tuple([_side(*entries) for entries in _compared(node, contract) if entries[1] or entries[2].connections])


def _compared(node: Node, contract: Calculator) -> tuple[tuple[str, tuple[Port, ...], TagMap], ...]:
    lists = (
        ("input stream", contract.inputs, node.inputs),
        ("output stream", contract.outputs, node.outputs),
        ("input side packet", contract.input_side_packets, node.input_side_packets),
    )
    if contract.kind != "subgraph":
        return lists
    return (*lists, ("output side packet", contract.output_side_packets, node.output_side_packets))


def _side(kind: str, ports: tuple[Port, ...], connections: TagMap) -> Side:
    strays = [connection for connection in connections if port_of(ports, connection) is None]
    return Side(kind, ports, connections, tuple(missing_ports(ports, connections)), tuple(strays))


def fits(node: Node, context: GraphContext) -> bool:
    """Whether the node has every connection that its contract requires and none that it does not know."""
    return not any(side.missing or side.strays for side in sides(node, context))
