"""From findings and what an engine showed to the verdict on a graph and on the run.

``pass`` is said only for what was shown: a rung counts as reached when it passed and all below it did.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from graphval.findings import (
    STAGES,
    By,
    Cached,
    Finding,
    GraphReport,
    NotExercised,
    Phase,
    Report,
    Rung,
    Severity,
    Stage,
    StageStatus,
    Target,
    Verdict,
)
from graphval.version import __version__


class Judged(NamedTuple):
    """What the files tell about one deployment: a report per graph, and all findings, the deployment's own first."""

    graphs: tuple[GraphReport, ...]
    findings: tuple[Finding, ...]


RUNG_OF = {
    Phase.PARSE: Rung.PARSE,
    Phase.LOAD: Rung.LOAD,
    Phase.CREATE: Rung.CREATE,
    Phase.SERVE: Rung.SERVE,
}
"""The rung that a mistake keeps a graph from, by the moment at which OVMS notices it; none for ``DEPLOY``."""

_ABOVE_PARSE_OF_SOUND = (
    Stage(Rung.LOAD, StageStatus.PASS, By.STATIC, 0.0),
    Stage(Rung.CREATE, StageStatus.SKIPPED, By.STATIC, 0.0),
    Stage(Rung.SERVE, StageStatus.SKIPPED, By.STATIC, 0.0),
)
"""What files tell of the other rungs of a graph in which no error was found."""


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that are errors."""
    error = Severity.ERROR
    return [finding for finding in findings if finding.severity is error]


def static_stages(findings: Iterable[Finding], seconds: float, *, never_loaded: bool = False) -> tuple[Stage, ...]:
    """The rungs as far as files tell: parse and load can pass, create and serve can only fail or be skipped.

    ``seconds`` is what reading and judging the graph took. ``never_loaded``: OVMS passes over the graph, silently.
    """
    failing = {RUNG_OF.get(finding.phase) for finding in errors(findings)}
    if never_loaded:
        failing.add(Rung.LOAD)
    if not failing:
        return Stage(Rung.PARSE, StageStatus.PASS, By.STATIC, seconds), *_ABOVE_PARSE_OF_SOUND
    stages: list[Stage] = []
    broken = False
    for rung in STAGES:
        if broken:
            status = StageStatus.SKIPPED
        elif rung in failing:
            status, broken = StageStatus.FAIL, True
        elif rung in (Rung.PARSE, Rung.LOAD):
            status = StageStatus.PASS
        else:
            status = StageStatus.SKIPPED
        stages.append(Stage(rung, status, By.STATIC, seconds if rung is Rung.PARSE else 0.0))
    return tuple(stages)


def merged_stages(static: Iterable[Stage], shown: Mapping[Rung, Stage]) -> tuple[Stage, ...]:
    """The static rungs overlaid with those an engine showed; above the first failure everything is skipped.

    What an engine showed outweighs what files suggest: a rung that a server passed is passed.
    """
    stages: list[Stage] = []
    broken = False
    for stage in static:
        stage = shown.get(stage.stage, stage)
        if broken:
            stage = Stage(stage.stage, StageStatus.SKIPPED, stage.by, 0.0)
        broken = broken or stage.status is StageStatus.FAIL
        stages.append(stage)
    return tuple(stages)


def reached(stages: Iterable[Stage]) -> Rung:
    """The highest rung that passed with all below it."""
    top, passed = Rung.NONE, StageStatus.PASS
    for stage in stages:
        if stage.status is not passed:
            break
        top = stage.stage
    return top


def graph_report(
    name: str,
    file: str,
    findings: Iterable[Finding],
    stages: tuple[Stage, ...],
    not_exercised: Iterable[NotExercised],
    *,
    inconclusive: bool = False,
    probes: int = 0,
    seconds: float = 0.0,
) -> GraphReport:
    """The report on one graph. ``inconclusive``: an engine that was asked for could not show what it should."""
    failed = bool(errors(findings)) or StageStatus.FAIL in [stage.status for stage in stages]
    verdict = Verdict.FAIL if failed else Verdict.INCONCLUSIVE if inconclusive else Verdict.PASS
    return GraphReport(
        name, file, verdict, reached(stages), stages, tuple(dict.fromkeys(not_exercised)), probes, seconds
    )


def report(
    graphs: Iterable[GraphReport],
    findings: Iterable[Finding],
    target: Target,
    *,
    failing: frozenset[Severity] = frozenset((Severity.ERROR,)),
    excused: Collection[GraphReport] = (),
    known: int | None = None,
    cached: Iterable[Cached] = (),
) -> Report:
    """The report on a run: it fails if a graph or the deployment does, else it is inconclusive if a graph is.

    ``failing`` are the severities that fail it. ``excused`` graphs fail for reasons that a baseline knows, and fail the
    run no more; ``known`` is how many findings it knew (``None``: there was none). ``cached`` are
    the deployments that an earlier run has judged.
    """
    graphs, findings = tuple(graphs), tuple(findings)
    if any(f.severity in failing for f in findings) or any(
        graph.verdict is Verdict.FAIL and graph not in excused for graph in graphs
    ):
        verdict = Verdict.FAIL
    elif any(graph.verdict is Verdict.INCONCLUSIVE for graph in graphs):
        verdict = Verdict.INCONCLUSIVE
    else:
        verdict = Verdict.PASS
    return Report(verdict, __version__, target, graphs, findings, known, tuple(cached))
