"""The run as a stream of typed events.

``check.py`` produces them in order; terminal, reports and library callers consume them. Nothing upstream knows who
listens. The last event of every run is :class:`Done`.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphval.deadlines import ServerPhase
from graphval.findings import Finding, Report, Stage


@dataclass(frozen=True, slots=True)
class RunStarted:
    """All graphs of the run are known. ``graphs`` are display names in report order."""

    graphs: tuple[str, ...]
    ovms: str


@dataclass(frozen=True, slots=True)
class EngineChosen:
    """Which engine serves this run, and why this one."""

    engine: str
    reason: str
    image: str | None = None


@dataclass(frozen=True, slots=True)
class EngineStarting:
    """A server is being started for one deployment; ``attempt`` counts from 1 (restarts after a crash)."""

    deployment: str
    attempt: int


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """A phase in the life of a server has begun; it may take ``deadline`` seconds. ``deployment`` is ``None`` where the
    phase serves all of them (an image is fetched). Requests are told by :class:`ProbeSent` instead."""

    deployment: str | None
    phase: ServerPhase
    deadline: float


@dataclass(frozen=True, slots=True)
class PhaseEnded:
    """The phase that began last is over after so many seconds, well or not."""

    deployment: str | None
    phase: ServerPhase
    seconds: float
    deadline: float


@dataclass(frozen=True, slots=True)
class StageEnded:
    """A graph passed, failed or skipped one rung."""

    graph: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class ProbeSent:
    """A synthetic request is on its way. ``number`` counts from 1 within the graph, ``deadline`` is in seconds."""

    graph: str
    probe: str
    number: int
    deadline: float | None = None


@dataclass(frozen=True, slots=True)
class FindingMade:
    finding: Finding


@dataclass(frozen=True, slots=True)
class ServerDied:
    """The server process ended under a graph: ``how`` reads like ``SIGABRT (exit code 134)``."""

    graph: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The run was told to stop. What is known is reported; the rest is inconclusive."""


@dataclass(frozen=True, slots=True)
class Done:
    report: Report


Event = (
    RunStarted
    | EngineChosen
    | EngineStarting
    | PhaseBegan
    | PhaseEnded
    | StageEnded
    | ProbeSent
    | FindingMade
    | ServerDied
    | Interrupted
    | Done
)
