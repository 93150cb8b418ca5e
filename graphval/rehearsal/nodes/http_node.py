"""What nodes behind generative endpoints have in common: their payload, their packets and what was loaded for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from graphval.rehearsal.http_payload import HttpPayload
from graphval.rehearsal.nodes.interface import Call, NodeError, Port, Surroundings

if TYPE_CHECKING:
    from graphval.graph import Node

REQUEST: Port = ("HTTP_REQUEST_PAYLOAD", 0)
RESPONSE: Port = ("HTTP_RESPONSE_PAYLOAD", 0)

Loaded = TypeVar("Loaded")


def resource(node: Node, surroundings: Surroundings, kind: type[Loaded], tag: str, spoken: str, file: str) -> Loaded:
    """What the node's initialiser made, found by the node's name in the side packet under ``tag``.

    Raises :class:`NodeError` where OVMS finds none: the name means another node, or one inside a subgraph.
    """
    side = node.input_side_packets.get(tag)
    table: Any = surroundings.side_packets.get(side.name) if side is not None else None
    found = table.get(node.canonical_name) if isinstance(table, dict) else None
    if not isinstance(found, kind):
        raise NodeError(
            "INTERNAL",
            f"; RET_CHECK failure ({file}) it != servableMap.end()Could not find initialized {spoken} node named: "
            f"{node.canonical_name}",
        )
    return found


def payload_of(call: Call, port: Port, surroundings: Surroundings) -> HttpPayload | None:
    """The request of one ``Process``, ``None`` where the input is empty."""
    packet = call.packets.get(port)
    held = surroundings.handles.read(packet) if packet is not None else None
    return held.value if held is not None and isinstance(held.value, HttpPayload) else None
