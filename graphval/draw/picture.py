"""What a picture shows: boxes with ports, the edges between them, and what is remarked about both."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from graphval.findings import Severity


class BoxKind(StrEnum):
    """``SUBGRAPH``: a node that MediaPipe expands into others, shown folded. ``MODEL``: a servable behind a session.
    ``MISSING``: in place of a producer that a stream or side packet does not have."""

    NODE = "node"
    SUBGRAPH = "subgraph"
    INPUT = "input"
    OUTPUT = "output"
    MODEL = "model"
    MISSING = "missing"


class EdgeKind(StrEnum):
    """What an edge carries: packets of a stream, a side packet, or a model to its session."""

    STREAM = "stream"
    SIDE_PACKET = "side-packet"
    SERVABLE = "servable"


class Exercised(StrEnum):
    """Whether an engine showed the node at work; ``UNSAID``: nothing was run, or the graph failed before."""

    SHOWN = "shown"
    LEFT_OUT = "left-out"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Remark:
    """What was found about a box or an edge."""

    severity: Severity
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Port:
    """Where an edge begins or ends: its tag with index as written (empty: none), and the stream it carries."""

    tag: str
    name: str
    kind: EdgeKind
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """``title`` is the node's name or the stream's, ``subtitle`` what it is. ``details`` are lines for who looks
    closer. ``line`` is where it is written, 0 where it is written nowhere."""

    kind: BoxKind
    title: str
    subtitle: str = ""
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    details: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    exercised: Exercised = Exercised.UNSAID
    reason: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """From an output port of one box to an input port of another, both given as (box, port) numbers.

    ``back``: declared as a back edge, or the edge that closes a circle which should not be there.
    """

    source: tuple[int, int]
    target: tuple[int, int]
    kind: EdgeKind
    name: str
    back: bool = False
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """One graph. ``remarks`` are about it as a whole."""

    name: str
    file: str
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    remarks: tuple[Remark, ...] = field(default=())


def worst(remarks: tuple[Remark, ...]) -> Severity | None:
    """The gravest severity among remarks."""
    order = list(Severity)
    return min((remark.severity for remark in remarks), key=order.index, default=None)
