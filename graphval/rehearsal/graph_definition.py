"""One graph under its name: what it was loaded from, its state, and how it is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graphval.rehearsal.journal import journal
from graphval.rehearsal.stream_types import Border, PacketType

if TYPE_CHECKING:
    from graphval.kserve import messages
    from graphval.rehearsal.expansion.plan import Plan
    from graphval.rehearsal.http_payload import HttpPayload

OWN_SIDE_PACKETS = (
    "py",
    "llm",
    "llm_ctx",
    "pipes",
    "embeddings_servable",
    "rerank_servable",
    "s2t_servable",
    "t2s_servable",
)
"""Side packets that OVMS gives to every graph."""


class State(StrEnum):
    """Internal states of a graph."""

    BEGIN = "BEGIN"
    AVAILABLE = "AVAILABLE"
    LOADING_PRECONDITION_FAILED = "LOADING_PRECONDITION_FAILED"
    RETIRED = "RETIRED"


class StartedGraphs(Protocol):
    """Graphs that were started at load and answer instead of new ones. Each way raises :class:`Refused` or
    :class:`NotExercised`."""

    def infer(self, request: messages.ModelInferRequest) -> messages.ModelInferResponse: ...
    def generate(self, payload: HttpPayload) -> list[bytes]: ...
    def stream(self, payload: HttpPayload) -> Iterator[str]: ...


@dataclass(slots=True)
class GraphDefinition:
    """``resources`` are what node initialisers made, by side packet name and node name; ``blockers`` what keeps a
    request from being answered truthfully, as (node, reason)."""

    name: str
    base_path: Path
    state: State = State.BEGIN
    inputs: list[Border] = field(default_factory=list)
    outputs: list[Border] = field(default_factory=list)
    plan: Plan | None = None
    pool: StartedGraphs | None = None
    resources: dict[str, dict[str, object]] = field(default_factory=dict)
    blockers: list[tuple[str, str]] = field(default_factory=list)
    aliases: tuple[str, ...] = ()
    """Names of adapters, by which requests reach this graph too."""

    @property
    def passthrough(self) -> bool:
        """Whether whole requests and responses go through the graph."""
        return any(border.type is PacketType.REQUEST for border in self.inputs)

    def input_named(self, name: str) -> Border | None:
        return next((border for border in self.inputs if border.name == name), None)

    def enter(self, state: State) -> None:
        """Change the state, with OVMS's lines about it."""
        event = "ValidationPassedEvent" if state is State.AVAILABLE else "ValidationFailedEvent"
        journal.debug(f"Mediapipe: {self.name} state: {self.state} handling: {event}: ", "modelmanager")
        self.state = state
        journal.info(f"Mediapipe: {self.name} state changed to: {state} after handling: {event}: ", "modelmanager")

    def retire(self) -> None:
        """Leave the deployment; requests that are being answered are answered."""
        journal.debug(f"Mediapipe: {self.name} state: {self.state} handling: RetireEvent: ", "modelmanager")
        self.state = State.RETIRED
        self.pool = None
        journal.info(f"Mediapipe: {self.name} state changed to: RETIRED after handling: RetireEvent: ", "modelmanager")
