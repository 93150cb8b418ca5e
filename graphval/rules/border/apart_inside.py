"""What is said of a node inside a container that takes or makes other packets than the container is connected to."""

from __future__ import annotations

from graphval.graph import Node
from graphval.rules.flow import Mismatch
from graphval.rules.mechanism import Hit


def apart_inside(mismatch: Mismatch, held: Node) -> Hit:
    """The finding, at the node inside."""
    border = mismatch.consumer.connection
    what = "side packet" if mismatch.side else "stream"
    return Hit(
        held.calculator_place,
        f'what the container has as the {what} "{border.name}" is {mismatch.produced} on one side of "{held.display}" and '
        f"{mismatch.wanted} on the other",
        help="all nodes inside must take and make what the container is connected to",
        related=(("connected here", border.place),),
        node=held,
    )
