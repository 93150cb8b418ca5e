"""The whole run: deployments, rules, engine, probes, diagnosis, report.

A run is a generator of events (``graphval.events``); whoever wants to show or keep something listens. Errors:
:class:`~graphval.deployment.InputError` for paths that cannot be judged, :class:`~graphval.catalog.UnknownRelease`,
:class:`~graphval.engines.interface.EngineError` where the engine asked for cannot be had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from graphval import verdict
from graphval.catalog import load as load_catalog
from graphval.deployment import Deployment, InputError, discover
from graphval.events import Done, EngineChosen, Event, FindingMade, RunStarted, StageEnded
from graphval.findings import Finding, GraphReport, Span, Target
from graphval.judging import judge_all
from graphval.rules.deployment import path_not_judged
from graphval.rules.run import judge

if TYPE_CHECKING:
    from graphval.exercise import Terms


def lint_events(
    paths: Iterable[str | Path], *, ovms_version: str | None = None, no_models: bool = False, processes: int = 1
) -> Iterator[Event]:
    """Static checks only: read the files, apply the rules, start no server.

    ``processes``: share many deployments out over so many processes, made by ``fork``: not for a program with threads.
    """
    catalog = load_catalog(ovms_version)
    deployments, findings = _find(paths)
    yield RunStarted(tuple(entry.name for d in deployments for entry in d.graphs), catalog.version)
    yield from map(FindingMade, findings)
    graphs: list[GraphReport] = []
    for judged in judge_all(deployments, catalog, no_models=no_models, processes=processes):
        findings += judged.findings
        yield from map(FindingMade, judged.findings)
        for report in judged.graphs:
            yield from (StageEnded(report.name, stage) for stage in report.stages)
        graphs += judged.graphs
    yield Done(verdict.report(graphs, findings, Target(catalog.version)))


def check_events(
    paths: Iterable[str | Path],
    *,
    engine: str = "auto",
    ovms_version: str | None = None,
    no_models: bool = False,
    terms: Terms | None = None,
) -> Iterator[Event]:
    """All rungs: static rules, then a throw-away server per deployment that is asked about each graph.

    ``engine`` ``none`` is :func:`lint_events`.
    """
    from graphval.engines.choose import NONE, choose
    from graphval.exercise import Exercising, default_terms
    from graphval.outcome import conclude

    if engine == NONE:
        yield from lint_events(paths, ovms_version=ovms_version, no_models=no_models)
        return
    catalog = load_catalog(ovms_version)
    deployments, findings = _find(paths)
    choice = choose(engine)
    terms = terms or default_terms()
    yield RunStarted(tuple(entry.name for d in deployments for entry in d.graphs), catalog.version)
    yield EngineChosen(choice.engine.name, choice.reason, choice.engine.image)
    yield from map(FindingMade, findings)
    graphs: list[GraphReport] = []
    for deployment in deployments:
        started = perf_counter()
        judgement = judge(deployment, catalog, no_models=no_models)
        seconds = (perf_counter() - started) / max(1, len(judgement.graphs))
        exercising = Exercising(judgement, choice.engine, terms)
        yield from exercising.run()
        concluded = conclude(judgement, exercising, choice.engine, seconds)
        for finding in concluded.findings:
            yield FindingMade(finding)
        for report in concluded.graphs:
            for stage in report.stages:
                yield StageEnded(report.name, stage)
        findings += concluded.findings
        graphs += concluded.graphs
    target = Target(catalog.version, choice.engine.name, choice.engine.image)
    yield Done(verdict.report(graphs, findings, target))


def _find(paths: Iterable[str | Path]) -> tuple[list[Deployment], list[Finding]]:
    """What the paths hold, and a finding for each that holds nothing. Raises :class:`InputError` if none holds any."""
    found: dict[Path, Deployment] = {}
    refused: list[tuple[str | Path, InputError]] = []
    for path in paths:
        try:
            found |= {deployment.path.absolute(): deployment for deployment in discover([path])}
        except InputError as why:
            refused.append((path, why))
    if not found:
        raise InputError("; ".join(str(why) for _, why in refused) or "no path was given")
    return list(found.values()), [_refusal(path, why) for path, why in refused]


def _refusal(path: str | Path, why: InputError) -> Finding:
    rule = path_not_judged.RULE
    place = Span(str(path), 1, 1, 1, 1)
    return Finding(rule.code, rule.name, rule.severity, rule.phase, rule.effect, None, str(why), place)
