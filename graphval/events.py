"""The run as a stream of typed events.

``check.py`` produces them in order; terminal, reports and library callers consume them. Nothing upstream knows who
listens. The last event of every run is :class:`Done`.
"""

from typing import NamedTuple

from graphval.deadlines import ServerPhase
from graphval.findings import Cached, Finding, GraphReport, Report, Stage


class RunStarted(NamedTuple):
    """All graphs of the run are known. ``graphs`` are display names in report order."""

    graphs: tuple[str, ...]
    ovms: str


ASKED_FOR = "asked for"
"""The reason for an engine that somebody named."""


class EngineChosen(NamedTuple):
    """Which engine serves this run, and why this one."""

    engine: str
    reason: str
    image: str | None = None


class EngineStarting(NamedTuple):
    """A server is being started for one deployment; ``attempt`` counts from 1 (restarts after a crash)."""

    deployment: str
    attempt: int


class PhaseBegan(NamedTuple):
    """A phase in the life of a server has begun; it may take ``deadline`` seconds. ``deployment`` is ``None`` where the
    phase serves all of them (an image is fetched). Requests are told by :class:`ProbeSent` instead."""

    deployment: str | None
    phase: ServerPhase
    deadline: float


class PhaseEnded(NamedTuple):
    """The phase that began last is over after so many seconds, well or not."""

    deployment: str | None
    phase: ServerPhase
    seconds: float
    deadline: float


class VerdictCached(NamedTuple):
    """A deployment is not exercised, since an earlier run has done so and nothing has changed since."""

    cached: Cached


class StageEnded(NamedTuple):
    """A graph passed, failed or skipped one rung."""

    graph: str
    stage: Stage


class GraphJudged(NamedTuple):
    """The verdict on a graph is reached; this is what :class:`Done` will report of it."""

    graph: GraphReport


class ProbeSent(NamedTuple):
    """A request is on its way. ``number`` counts from 1 within the graph, ``deadline`` is in seconds."""

    graph: str
    probe: str
    number: int
    deadline: float | None = None


class FindingMade(NamedTuple):
    """A finding that the report will hold."""

    finding: Finding


class ServerDied(NamedTuple):
    """The server process ended under a graph: ``how`` reads like ``SIGABRT (exit code 134)``."""

    graph: str | None
    how: str


class Interrupted:
    """The run was told to stop. What is known is reported; the rest is inconclusive."""

    __slots__ = ()


class Done(NamedTuple):
    """The run is over, and this is its report."""

    report: Report


Event = (
    RunStarted
    | EngineChosen
    | EngineStarting
    | PhaseBegan
    | PhaseEnded
    | VerdictCached
    | StageEnded
    | GraphJudged
    | ProbeSent
    | FindingMade
    | ServerDied
    | Interrupted
    | Done
)
