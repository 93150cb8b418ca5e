"""What graphval says: places, findings and the report.

Everything here is frozen data without behaviour of its own; every other room may import it, it imports none.
The JSON shape is the contract ``graphval.report/1`` (``graphval/report/schema.json``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

SCHEMA = "graphval.report/1"


class Severity(StrEnum):
    """How much a finding weighs: only ``ERROR`` makes a graph fail by default."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Phase(StrEnum):
    """The moment at which OVMS would notice.

    ``PARSE`` and ``LOAD`` are server start or config reload, ``CREATE`` is the first request (graph creation),
    ``SERVE`` is packet processing and the response, ``DEPLOY`` concerns how the server is run.
    """

    PARSE = "parse"
    LOAD = "load"
    CREATE = "create"
    SERVE = "serve"
    DEPLOY = "deploy"


class Effect(StrEnum):
    """What OVMS would do: refuse this graph or request, die as a process, run wrongly, or nothing (advice)."""

    REJECT = "reject"
    ABORT = "abort"
    WRONG = "wrong"
    ADVICE = "advice"


class Verdict(StrEnum):
    """What is said of a graph or a run. ``INCONCLUSIVE``: an engine could not show what it should, which is no pass."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


class Rung(StrEnum):
    """The highest stage a graph was shown to pass."""

    NONE = "none"
    PARSE = "parse"
    LOAD = "load"
    CREATE = "create"
    SERVE = "serve"


class StageStatus(StrEnum):
    """What became of a rung. ``SKIPPED``: nothing showed that it is passed or failed."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    FAIL = "fail"
    SKIPPED = "skipped"


class By(StrEnum):
    """Who saw it: a rule reading the files, or a running engine."""

    STATIC = "static"
    ENGINE = "engine"


STAGES: tuple[Rung, ...] = (Rung.PARSE, Rung.LOAD, Rung.CREATE, Rung.SERVE)


class Span(NamedTuple):
    """A place in a file. Lines and columns count from 1, columns in Unicode code points; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Related(NamedTuple):
    """A second place that helps to understand a finding, with what is to be seen there."""

    message: str
    location: Span


class Edit(NamedTuple):
    """Replace what stands at ``location`` by ``text``. An empty location inserts, an empty text removes."""

    location: Span
    text: str


NO_EVIDENCE: Mapping[str, Any] = {}


class Finding(NamedTuple):
    """One thing graphval has to say about a deployment, pinned to a place.

    ``message`` is lower-case and has no full stop; ``help`` is one line on what to do, or empty.
    ``label`` is what stands beside the caret in the terminal (empty: nothing). ``evidence`` holds what an engine
    answered or logged, as JSON-able values. ``edits`` are the mend where nothing else can have been meant: all of them
    together, in one file, none overlapping another; empty where a person must decide.
    """

    code: str
    name: str
    severity: Severity
    phase: Phase
    effect: Effect
    graph: str | None
    message: str
    location: Span
    help: str = ""
    label: str = ""
    related: tuple[Related, ...] = ()
    by: By = By.STATIC
    evidence: Mapping[str, Any] = NO_EVIDENCE
    node: str | None = None
    edits: tuple[Edit, ...] = ()


class Stage(NamedTuple):
    """One rung of one graph: passed, failed or skipped; shown by files alone or by an engine; duration in seconds."""

    stage: Rung
    status: StageStatus
    by: By
    seconds: float


class NotExercised(NamedTuple):
    """A node (or ``None``: the whole graph) that no rung could show, with the reason in one line."""

    node: str | None
    reason: str


class Cached(NamedTuple):
    """An earlier run has judged this deployment, and nothing that its verdict depends on has changed since.

    ``judged`` is when that was, in seconds since 1970; ``age`` how long ago, in seconds.
    """

    deployment: str
    judged: float
    age: float


class GraphReport(NamedTuple):
    """The verdict on one graph. ``probes`` is how many requests were sent to it; ``cached`` says that an earlier run
    has reached it."""

    name: str
    file: str
    verdict: Verdict
    reached: Rung
    stages: tuple[Stage, ...]
    not_exercised: tuple[NotExercised, ...] = ()
    probes: int = 0
    seconds: float = 0.0
    cached: Cached | None = None


class Target(NamedTuple):
    """What was judged against: OVMS release, engine (``none`` for static checks) and container image digest.
    ``reason`` is why it was this engine, and what was in the way of others."""

    ovms: str
    engine: str = "none"
    image: str | None = None
    reason: str = ""


class Report(NamedTuple):
    """The outcome of one run, as every renderer receives it.

    ``known`` is how many findings are left out since a baseline knows them; ``None`` where there was no baseline.
    ``cached`` are the deployments whose verdicts earlier runs have reached.
    """

    verdict: Verdict
    tool_version: str
    target: Target
    graphs: tuple[GraphReport, ...]
    findings: tuple[Finding, ...]
    known: int | None = None
    cached: tuple[Cached, ...] = ()
