"""What files and engine say together: findings folded, rungs merged, a report per graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphval.diagnosis.fold import contradicted, fold
from graphval.diagnosis.permission import with_permissions
from graphval.engines.interface import Engine
from graphval.findings import Finding, GraphReport, NotExercised, Phase, Rung, Severity, Stage, StageStatus
from graphval.rules.run import JudgedGraph, Judgement
from graphval.run import verdict
from graphval.run.exercise import Exercising
from graphval.run.graph_outcome import GraphOutcome


@dataclass(frozen=True, slots=True)
class Concluded:
    """A deployment's reports and all its findings, those of the deployment first."""

    graphs: tuple[GraphReport, ...]
    findings: tuple[Finding, ...]


def conclude(judgement: Judgement, exercising: Exercising, engine: Engine, seconds: float) -> Concluded:
    """Bring both sides together. ``seconds`` is what the static rules took per graph."""
    seen = [*exercising.findings]
    for outcome in exercising.graphs.values():
        seen += outcome.findings
    common, _ = fold(judgement.findings, seen, engine.name)
    _, left = fold(judgement.findings, exercising.findings, engine.name)
    common += [with_permissions(finding, judgement.deployment, None, engine.reader) for finding in left]
    reports, findings = [], [*common]
    met: set[str] = set()
    for judged in judgement.graphs:
        name = judged.entry.name
        # A second graph of a name is never loaded, so nothing was shown of it.
        outcome = GraphOutcome() if name in met else exercising.graphs[name]
        met.add(name)
        mine = _findings_of(judged, judgement, outcome, engine)
        findings += mine
        # What is wrong with the server's own settings is no graph's fault.
        shared = [finding for finding in common if finding.phase is not Phase.DEPLOY]
        reports.append(_report(judged, judgement, [*mine, *shared], outcome, seconds))
    return Concluded(tuple(reports), tuple(findings))


def _findings_of(judged: JudgedGraph, judgement: Judgement, outcome: GraphOutcome, engine: Engine) -> list[Finding]:
    """The graph's findings: static ones with the engine's evidence, then what only the engine saw."""
    static = [_checked(finding, outcome, engine) for finding in judged.findings]
    # What a finding about the deployment explains is said there, once.
    _, own = fold(judgement.findings, outcome.findings, engine.name)
    kept, new = fold(static, own, engine.name)
    return [*kept, *(with_permissions(f, judgement.deployment, judged.entry, engine.reader) for f in new)]


def _checked(finding: Finding, outcome: GraphOutcome, engine: Engine) -> Finding:
    """A static error about a rung that the engine passed: the real server has the last word, a rehearsal has not."""
    rung = verdict.RUNG_OF.get(finding.phase)
    if finding.severity is not Severity.ERROR or rung is None or not _passed(outcome, rung):
        return finding
    noted = contradicted(finding, engine.name)
    return noted._replace(severity=Severity.WARNING) if engine.is_ovms else noted


def _report(
    judged: JudgedGraph, judgement: Judgement, findings: list[Finding], outcome: GraphOutcome, seconds: float
) -> GraphReport:
    static = verdict.static_stages(findings, seconds, never_loaded=judged.never_loaded)
    failing = {stage.stage for stage in static if stage.status is StageStatus.FAIL}
    shown = {
        rung: stage
        for rung, stage in outcome.shown.items()
        if not (rung in failing and stage.status is not StageStatus.FAIL)
    }
    stages = verdict.merged_stages(_without_promises(static, outcome), shown)
    return verdict.graph_report(
        judged.entry.name, judged.entry.display, findings, stages, _left_out(judged, judgement, outcome, stages),
        inconclusive=outcome.inconclusive, probes=outcome.probes, seconds=seconds + outcome.seconds,
    )  # fmt: skip


def _without_promises(static: Iterable[Stage], outcome: GraphOutcome) -> Iterator[Stage]:
    """Where an engine was asked and did not show the load, files alone do not claim it."""
    for stage in static:
        if stage.stage is Rung.LOAD and stage.status is StageStatus.PASS and outcome.inconclusive:
            yield stage._replace(status=StageStatus.SKIPPED)
        else:
            yield stage


def _left_out(
    judged: JudgedGraph, judgement: Judgement, outcome: GraphOutcome, stages: tuple[Stage, ...]
) -> list[NotExercised]:
    """What no rung could show. A graph that failed is not exercised beyond that, and need not be told so."""
    if any(stage.status is StageStatus.FAIL for stage in stages):
        return []
    if outcome.shown.get(Rung.SERVE) is not None and outcome.shown[Rung.SERVE].status is StageStatus.PASS:
        # A request went all the way, so what the files could not tell was shown after all.
        return list(outcome.not_exercised)
    return [*judgement.skips, *judged.skips, *outcome.not_exercised]


def _passed(outcome: GraphOutcome, rung: Rung) -> bool:
    stage = outcome.shown.get(rung)
    return stage is not None and stage.status is StageStatus.PASS
