"""What a calculator executed by us is given and must do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from graphval.rehearsal.framework import AbslStatus
from graphval.rehearsal.packets import Handles

if TYPE_CHECKING:
    from graphval.graph import Node
    from graphval.rehearsal.models import Models

Port: TypeAlias = tuple[str, int]
"""Tag and index."""


class NodeError(Exception):
    """A calculator's ``Open``, ``Process`` or ``Close`` returned this status."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.status = AbslStatus(code, message)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one run of a graph offers its nodes.

    ``side_packets`` are by name: those of the request and of OVMS, and what nodes opened earlier produced.
    """

    graph: str
    handles: Handles
    side_packets: dict[str, Any]
    models: Models


@dataclass(frozen=True, slots=True)
class Call:
    """One ``Process``: the packets of one timestamp, and where to put the results.

    ``emit`` takes port, packet and timestamp.
    """

    timestamp: int
    packets: Mapping[Port, Any]
    emit: Callable[[Port, Any, int], None]


class BridgedNode(Protocol):
    """One node of one run. Each method may raise :class:`NodeError`, or :class:`NotExercised` where the rehearsal
    cannot go on truthfully."""

    def open(self) -> None: ...

    def process(self, call: Call) -> None: ...

    def close(self) -> None: ...


Factory: TypeAlias = Callable[["Node", Surroundings], BridgedNode]
