"""The report as JSON: the contract ``graphval.report/1`` (``schema.json`` beside this file)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TextIO, TypeVar

from graphval.events import Done, Event, FindingMade, GraphJudged
from graphval.findings import (
    SCHEMA,
    By,
    Cached,
    Finding,
    GraphReport,
    NotExercised,
    Report,
    Rung,
    Span,
    Stage,
    StageStatus,
    Target,
)
from graphval.report.age import moment
from graphval.report.indented import Written, indented

Told = TypeVar("Told", GraphReport, Finding)

_LINE_OF_ITEMS = "\n    "
"""Line end and indentation of a graph or finding in the report."""
_LINE_IN_ITEMS = _LINE_OF_ITEMS + "    "
"""The same for a rung or skip of a graph."""


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON-able values, keys in the order of the contract."""
    return _report(report, [_graph(graph) for graph in report.graphs], [_finding(f) for f in report.findings])


class JsonReport:
    """Writes the report to ``stream`` when the run is done, and nothing before. The text of each graph and finding is
    made as soon as it is told, so that little is left to be done at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._made: dict[int, tuple[GraphReport | Finding, Written]] = {}
        """By the identity of what was told, which is kept with its text."""

    def handle(self, event: Event) -> None:
        """Write the report if this event brings it."""
        match event:
            case GraphJudged(graph):
                self._text_of(graph, _graph_in_text)
            case FindingMade(finding):
                self._text_of(finding, _finding)
            case Done(report):
                graphs = [self._text_of(graph, _graph_in_text) for graph in report.graphs]
                findings = [self._text_of(finding, _finding) for finding in report.findings]
                self._stream.write(indented(_report(report, graphs, findings)) + "\n")
                self._stream.flush()

    def _text_of(self, told: Told, as_values: Callable[[Told], dict[str, Any]]) -> Written:
        if id(told) not in self._made:
            self._made[id(told)] = told, Written(indented(as_values(told), _LINE_OF_ITEMS))
        return self._made[id(told)][1]


def _report(report: Report, graphs: list[Any], findings: list[Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "verdict": str(report.verdict),
        "tool": {"name": "graphval", "version": report.tool_version},
        "target": _target(report.target),
        "graphs": graphs,
        "findings": findings,
    }
    if report.known is not None:
        told["baseline"] = {"known": report.known}
    if report.cached:
        told["cached"] = [{"deployment": entry.deployment, **_cached(entry)} for entry in report.cached]
    return told


def _target(target: Target) -> dict[str, Any]:
    told = {"ovms": target.ovms, "engine": target.engine, "image": target.image}
    return {**told, "reason": target.reason} if target.reason else told


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "stage": str(stage.stage),
        "status": str(stage.status),
        "by": str(stage.by),
        "seconds": round(stage.seconds, 3),
    }


def _not_exercised(entry: NotExercised) -> dict[str, Any]:
    return {"node": entry.node, "reason": entry.reason}


@lru_cache(maxsize=1000)
def _text_of_stage(stage: Rung, status: StageStatus, by: By, seconds: float) -> Written:
    return Written(indented(_stage(Stage(stage, status, by, seconds)), _LINE_IN_ITEMS))


@lru_cache(maxsize=1000)
def _text_of_not_exercised(entry: NotExercised) -> Written:
    return Written(indented(_not_exercised(entry), _LINE_IN_ITEMS))


def _graph_in_text(graph: GraphReport) -> dict[str, Any]:
    """The same as :func:`_graph`, with parts that are written already: most rungs and skips are like others."""
    return _graph(graph, lambda s: _text_of_stage(s.stage, s.status, s.by, round(s.seconds, 3)), _text_of_not_exercised)


def _graph(
    graph: GraphReport,
    as_stage: Callable[[Stage], Any] = _stage,
    as_skip: Callable[[NotExercised], Any] = _not_exercised,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": graph.name,
        "file": graph.file,
        "verdict": str(graph.verdict),
        "reached": str(graph.reached),
        "stages": [as_stage(stage) for stage in graph.stages],
        "not_exercised": [as_skip(entry) for entry in graph.not_exercised],
    }
    if graph.cached is not None:
        told["cached"] = _cached(graph.cached)
    return told


def _cached(cached: Cached) -> dict[str, Any]:
    return {"judged": moment(cached.judged)}


def _finding(finding: Finding) -> dict[str, Any]:
    told = {
        "code": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        "phase": str(finding.phase),
        "effect": str(finding.effect),
        "graph": finding.graph,
        "message": finding.message,
        "help": finding.help,
        "location": _span(finding.location),
        "related": [{"message": entry.message, "location": _span(entry.location)} for entry in finding.related],
        "by": str(finding.by),
        "evidence": dict(finding.evidence),
    }
    if finding.edits:
        told["fix"] = {"edits": [{"location": _span(edit.location), "text": edit.text} for edit in finding.edits]}
    return told


def _span(span: Span) -> dict[str, Any]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
