"""Many graphs in one deployment, exercised on the rehearsal, without any say of static rules."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from graphval.catalog import load
from graphval.deployment import discover
from graphval.engines.interface import Limits
from graphval.engines.rehearsal import RehearsalEngine
from graphval.findings import STAGES, Finding, Rung, Severity, StageStatus
from graphval.probe.asking import Deadlines, Depth, ProbeSettings
from graphval.rules.run import judge
from graphval.run.exercise import Exercising
from graphval.run.graph_outcome import GraphOutcome
from graphval.run.terms import Terms
from tests.faults.case import Case


def exercised(
    folder: Path,
    cases: Iterable[Case],
    models: Mapping[str, Path],
    seconds: float = 10.0,
    *,
    settings: Mapping[str, Mapping[str, object]] | None = None,
    depth: Depth = Depth.STANDARD,
) -> dict[str, GraphOutcome]:
    """What the engine showed of each case's graph, by name. A graph that never answers costs so many seconds;
    ``settings`` are what config.json says of a model beside its place."""
    names = []
    for case in cases:
        names.append(case.name)
        place = folder / case.name
        place.mkdir()
        (place / "graph.pbtxt").write_text(case.text)
        for file, text in case.files.items():
            (place / file).write_text(textwrap.dedent(text))
        if case.sample:
            (folder / "samples" / case.name).mkdir(parents=True)
            (folder / "samples" / case.name / "own.json").write_text(case.sample)
    config = {
        "model_config_list": [
            {"config": {"name": name, "base_path": str(path), **(settings or {}).get(name, {})}}
            for name, path in models.items()
        ],
        "mediapipe_config_list": [{"name": name} for name in names],
    }
    (folder / "config.json").write_text(json.dumps(config))
    [deployment] = discover([folder / "config.json"])
    deadlines = Deadlines(status=10.0, creation=seconds, request=seconds)
    terms = Terms(Limits(stop=0.5), deadlines, ProbeSettings(samples=(folder / "samples",), depth=depth))
    exercising = Exercising(judge(deployment, load(None)), RehearsalEngine(), terms)
    for _ in exercising.run():
        pass
    assert not exercising.findings, exercising.findings
    return exercising.graphs


def errors(outcome: GraphOutcome) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.severity is Severity.ERROR]


def failed_at(outcome: GraphOutcome) -> Rung | None:
    """The lowest rung that the engine showed to fail."""
    return next((rung for rung in STAGES if _status(outcome, rung) is StageStatus.FAIL), None)


def served(outcome: GraphOutcome) -> bool:
    """Whether a request was shown to go all the way."""
    return all(_status(outcome, rung) is StageStatus.PASS for rung in (Rung.LOAD, Rung.CREATE, Rung.SERVE))


def _status(outcome: GraphOutcome, rung: Rung) -> StageStatus | None:
    stage = outcome.shown.get(rung)
    return stage.status if stage is not None else None


def told(outcome: GraphOutcome) -> str:
    """All that was said, for whoever reads a failed test."""
    stages = ", ".join(f"{stage.stage} {stage.status}" for stage in outcome.shown.values())
    findings = [f"{f.code} line {f.location.line} node {f.node}: {f.message}" for f in outcome.findings]
    left = [f"not exercised {one.node}: {one.reason}" for one in outcome.not_exercised]
    return "\n  ".join([stages, *findings, *left])


def block_of(text: str, line: int) -> str:
    """The top-level block of a graph's text that a line (from 1) lies in; blocks begin in the first column."""
    lines = text.splitlines()
    first = line - 1
    while first > 0 and lines[first][:1] in (" ", "}"):
        first -= 1
    last = line
    while last < len(lines) and lines[last][:1] in (" ", "}"):
        last += 1
    return "\n".join(lines[first:last]) + "\n"
