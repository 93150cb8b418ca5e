"""The report as JSON: the contract ``graphval.report/1`` (``schema.json`` beside this file)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TextIO, TypeVar

from graphval.events import Done, Event, FindingMade, GraphJudged
from graphval.findings import (
    SCHEMA,
    Cached,
    Finding,
    GraphReport,
    NotExercised,
    Report,
    Span,
    Stage,
    Target,
)
from graphval.report.age import moment
from graphval.report.indented import Written, in_pieces, indented

Told = TypeVar("Told", GraphReport, Finding)

_LINE_OF_ITEMS = "\n    "
"""Line end and indentation of a graph or finding in the report."""
_LINE_IN_ITEMS = _LINE_OF_ITEMS + "  "
"""The same for a list in a graph."""
_LINE_IN_LISTS = _LINE_IN_ITEMS + "  "
"""The same for an item of such a list."""


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
                self._stream.writelines(in_pieces(_report(report, graphs, findings)))
                self._stream.write("\n")
                self._stream.flush()

    def _text_of(self, told: Told, as_values: Callable[[Told], dict[str, Any]]) -> Written:
        made = self._made.get(id(told))
        if made is None:
            made = self._made[id(told)] = told, Written(indented(as_values(told), _LINE_OF_ITEMS))
        return made[1]


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


def _stages(stages: tuple[Stage, ...]) -> list[dict[str, Any]]:
    return [_stage(stage) for stage in stages]


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
def _text_of_stages(stages: tuple[Stage, ...]) -> Written:
    return Written(indented(_stages(stages), _LINE_IN_ITEMS))


def _stages_in_text(stages: tuple[Stage, ...]) -> Written:
    # Rounded as they are told, the stages of most graphs are alike. Most stages take no time by files alone.
    return _text_of_stages(tuple([s._replace(seconds=round(s.seconds, 3)) if s.seconds else s for s in stages]))


@lru_cache(maxsize=1000)
def _text_of_not_exercised(entry: NotExercised) -> Written:
    return Written(indented(_not_exercised(entry), _LINE_IN_LISTS))


def _graph_in_text(graph: GraphReport) -> dict[str, Any]:
    """The same as :func:`_graph`, with parts that are written already: most rungs and skips are like others."""
    return _graph(graph, _stages_in_text, _text_of_not_exercised)


def _graph(
    graph: GraphReport,
    as_stages: Callable[[tuple[Stage, ...]], Any] = _stages,
    as_skip: Callable[[NotExercised], Any] = _not_exercised,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": graph.name,
        "file": graph.file,
        "verdict": str(graph.verdict),
        "reached": str(graph.reached),
        "stages": as_stages(graph.stages),
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
