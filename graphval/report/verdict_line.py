"""The last line of a run: what was found, and by which right it is said."""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Report, Rung, Severity, Verdict
from graphval.report.age import cached_words


def verdict_line(report: Report) -> str:
    """One line that says no more than was shown."""
    total = len(report.graphs)
    graphs = f"{total} graph{'' if total == 1 else 's'}"
    failing = sum(graph.verdict is Verdict.FAIL for graph in report.graphs)
    unsure = sum(graph.verdict is Verdict.INCONCLUSIVE for graph in report.graphs)
    served = sum(graph.reached is Rung.SERVE for graph in report.graphs)
    partial = sum(graph.verdict is Verdict.PASS and bool(graph.not_exercised) for graph in report.graphs)
    warnings = sum(finding.severity is Severity.WARNING for finding in report.findings)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    unjudged = sum(finding.phase is Phase.DEPLOY and finding.effect is Effect.REJECT for finding in errors)
    parts = []
    if report.verdict is Verdict.PASS and (failing or errors):
        parts.append(f"nothing new in {graphs}")
        parts.append(f"{failing} of {graphs} would fail in production, as the baseline says")
    elif failing:
        parts.append(f"{failing} of {graphs} would fail in production")
    elif len(errors) > unjudged:
        parts.append("this deployment would fail in production")
    elif not unsure:
        counted = report.verdict is Verdict.FAIL and not unjudged
        parts.append(f"no {'error' if counted else 'mistake'} found in {graphs}")
        if report.target.engine != "none" and total:
            parts.append("all of them answered" if served == total else f"{served} of them answered")
    if partial:
        parts.append(f"{partial} not exercised in full")
    if unsure:
        parts.append(f"{unsure} of {graphs} inconclusive")
    elif report.verdict is Verdict.INCONCLUSIVE:
        parts.append("inconclusive")
    if unjudged:
        parts.append(f"{unjudged} path{'' if unjudged == 1 else 's'} could not be judged")
    if warnings:
        parts.append(f"{warnings} warning{'' if warnings == 1 else 's'}")
    mendable = sum(bool(finding.edits) for finding in report.findings)
    if mendable:
        parts.append(f"lint --fix mends {mendable}")
    parts += _cached(report)
    if report.known:
        parts.append(f"{report.known} known finding{'' if report.known == 1 else 's'} left out")
    return f"{', '.join(parts)} ({_by_what(report)})"


def _cached(report: Report) -> Iterator[str]:
    """What was not shown now but by an earlier run."""
    if not report.cached:
        return
    known = sum(graph.cached is not None for graph in report.graphs)
    some = "" if known == len(report.graphs) else f"{known} of {len(report.graphs)} "
    yield some + cached_words(report.cached)


def _by_what(report: Report) -> str:
    target = report.target
    match target.engine:
        case "none":
            return f"static checks only, nothing was run; OVMS {target.ovms}"
        case "rehearsal":
            return f"rehearsed, not served by OVMS; judged by OVMS {target.ovms}"
        case engine:
            return ", ".join(filter(None, (f"engine {engine}", target.image, target.ovms)))
