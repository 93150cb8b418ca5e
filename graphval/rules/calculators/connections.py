"""How the connections of a node go together with the contract of its calculator."""

from __future__ import annotations

from typing import NamedTuple

from graphval.catalog import Calculator, Port, Ports
from graphval.graph import Connection, Node, TagMap
from graphval.rules.calculators.ports import missing_ports, plainly_fit, port_of
from graphval.rules.context import GraphContext, once


class Misfit(NamedTuple):
    """A list of a node that is not as the contract has it; ``kind`` is what MediaPipe calls the list.

    ``missing``: required ports without a connection, with the index that MediaPipe would ask for. ``strays``:
    connections that go to no port.
    """

    kind: str
    ports: Ports
    connections: TagMap
    missing: list[tuple[Port, int]]
    strays: list[Connection]


@once
def misfits(node: Node, context: GraphContext) -> tuple[Misfit, ...]:
    """The lists of a node that are not as its contract has them; none where nothing is known of its calculator.

    Those of a subgraph all have to be found in it; of a calculator nobody asks for output side packets (GV307).
    """
    contract = context.contract(node)
    if contract is None:
        return ()
    found: list[Misfit] = []
    for kind, ports, connections in _compared(node, contract):
        if plainly_fit(ports, connections):
            continue
        strays = [connection for connection in connections if port_of(ports, connection) is None]
        missing = list(missing_ports(ports, connections))
        if strays or missing:
            found.append(Misfit(kind, ports, connections, missing, strays))
    return tuple(found)


def _compared(node: Node, contract: Calculator) -> tuple[tuple[str, Ports, TagMap], ...]:
    lists = (
        ("input stream", contract.inputs, node.inputs),
        ("output stream", contract.outputs, node.outputs),
        ("input side packet", contract.input_side_packets, node.input_side_packets),
    )
    if contract.kind != "subgraph":
        return lists
    return (*lists, ("output side packet", contract.output_side_packets, node.output_side_packets))


def fits(node: Node, context: GraphContext) -> bool:
    """Whether the node has every connection that its contract requires and none that it does not know."""
    return not misfits(node, context)
