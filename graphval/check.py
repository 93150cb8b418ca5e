"""The whole run: deployments, rules, engine, probes, diagnosis, report.

A run is a generator of events (``graphval.events``); whoever wants to show or keep something listens. Errors:
:class:`~graphval.deployment.InputError` for paths that cannot be judged, :class:`~graphval.catalog.UnknownRelease`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter

from graphval import verdict
from graphval.catalog import load as load_catalog
from graphval.deployment import discover
from graphval.events import Done, Event, FindingMade, RunStarted, StageEnded
from graphval.findings import Finding, GraphReport, Target
from graphval.rules.run import Judgement, judge


def lint_events(paths: Iterable[str | Path], *, ovms_version: str | None = None,
                no_models: bool = False) -> Iterator[Event]:
    """Static checks only: read the files, apply the rules, start nothing."""
    catalog = load_catalog(ovms_version)
    deployments = discover(paths)
    yield RunStarted(tuple(entry.name for d in deployments for entry in d.graphs), catalog.version)
    graphs: list[GraphReport] = []
    findings: list[Finding] = []
    for deployment in deployments:
        started = perf_counter()
        judgement = judge(deployment, catalog, no_models=no_models)
        seconds = (perf_counter() - started) / max(1, len(judgement.graphs))
        for finding in _all_findings(judgement):
            findings.append(finding)
            yield FindingMade(finding)
        for judged in judgement.graphs:
            stages = verdict.static_stages((*judged.findings, *judgement.findings), seconds)
            for stage in stages:
                yield StageEnded(judged.entry.name, stage)
            graphs.append(
                verdict.graph_report(judged.entry.name, judged.entry.display, (*judged.findings, *judgement.findings),
                                     stages, (*judgement.skips, *judged.skips), seconds=seconds)
            )
    yield Done(verdict.report(graphs, findings, Target(catalog.version)))


def _all_findings(judgement: Judgement) -> Iterator[Finding]:
    yield from judgement.findings
    for judged in judgement.graphs:
        yield from judged.findings
