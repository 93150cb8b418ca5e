"""Judging deployments by their files alone: one by one, or many of them shared out over the machine's processors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import NamedTuple

from graphval.catalog import Catalog
from graphval.deployment import Deployment
from graphval.findings import Finding, GraphReport
from graphval.rules.run import Judgement, judge
from graphval.run import verdict
from graphval.run.processes import WORTH_A_PROCESS, inherited, inheriting
from graphval.settings import Settings

_SHARE = 25
"""Deployments that a process takes at a time."""


class Judged(NamedTuple):
    """What the files tell about one deployment: a report per graph, and all findings, the deployment's own first."""

    graphs: tuple[GraphReport, ...]
    findings: tuple[Finding, ...]


class _Work(NamedTuple):
    deployments: Sequence[Deployment]
    catalog: Catalog
    settings: Settings


def judge_all(
    deployments: Sequence[Deployment], catalog: Catalog, settings: Settings, *, processes: int = 1
) -> Iterator[Judged]:
    """Judge each deployment; results come in the order given. ``processes``: so many at most, if it pays."""
    work = _Work(deployments, catalog, settings)
    processes = min(processes, len(deployments) // WORTH_A_PROCESS)
    if processes < 2:
        for position in range(len(deployments)):
            yield _judge_one(work, position)
        return
    yield from _shared_out(work, processes)


def make_ready(some: Sequence[Deployment], catalog: Catalog, settings: Settings) -> None:
    """Judge a few deployments and tell nothing. With that the rules are imported, and what most graphs need of the
    catalog is decoded, once for all processes that are made later."""
    _judge_share(_Work(some[:_SHARE], catalog, settings), range(len(some[:_SHARE])))


def all_findings(judgement: Judgement) -> Iterator[Finding]:
    """The findings of a deployment, those that belong to no single graph first."""
    yield from judgement.findings
    for judged in judgement.graphs:
        yield from judged.findings


def _judge_one(work: _Work, position: int) -> Judged:
    started = perf_counter()
    judgement = judge(work.deployments[position], work.catalog, work.settings)
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


def _judge_share(work: _Work, positions: range) -> list[Judged]:
    return [_judge_one(work, position) for position in positions]


# -- several processes -------------------------------------------------------------------------------------------------


def _shared_out(work: _Work, processes: int) -> Iterator[Judged]:
    count = len(work.deployments)
    shares = [range(at, min(at + _SHARE, count)) for at in range(0, count, _SHARE)]
    with inheriting(work, processes) as judging:
        for judged in judging.map(_judge_inherited, shares):
            yield from judged


def _judge_inherited(positions: range) -> list[Judged]:
    work: _Work = inherited()
    return _judge_share(work, positions)


__all__ = ["Judged", "all_findings", "judge_all", "make_ready"]
