"""Judging deployments by their files alone."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from graphval.catalog import Catalog
from graphval.deployment import Deployment
from graphval.findings import Finding, GraphReport
from graphval.rules.run import Judgement, judge
from graphval.run import verdict
from graphval.run.verdict import Judged
from graphval.settings import Settings


def all_findings(judgement: Judgement) -> Iterator[Finding]:
    """The findings of a deployment, those that belong to no single graph first."""
    yield from judgement.findings
    for judged in judgement.graphs:
        yield from judged.findings


def judge_one(deployment: Deployment, catalog: Catalog, settings: Settings) -> Judged:
    """What the files tell about a deployment."""
    started = perf_counter()
    judgement = judge(deployment, catalog, settings)
    seconds = (perf_counter() - started) / max(1, len(judgement.graphs))
    return Judged(tuple(_reports(judgement, seconds)), tuple(all_findings(judgement)))


def _reports(judgement: Judgement, seconds: float) -> Iterator[GraphReport]:
    for judged in judgement.graphs:
        findings = (*judged.findings, *judgement.findings)
        yield verdict.graph_report(
            judged.entry.name,
            judged.entry.display,
            findings,
            verdict.static_stages(findings, seconds, never_loaded=judged.never_loaded),
            (*judgement.skips, *judged.skips),
            seconds=seconds,
        )


__all__ = ["all_findings", "judge_one"]
