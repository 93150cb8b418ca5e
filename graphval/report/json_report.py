"""The report as JSON: the contract ``graphval.report/1`` (``schema.json`` beside this file)."""

from __future__ import annotations

from typing import Any, TextIO

from graphval.events import Done, Event
from graphval.findings import SCHEMA, Cached, Finding, GraphReport, Report, Span, Target
from graphval.report.age import moment
from graphval.report.indented import indented


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON-able values, keys in the order of the contract."""
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "verdict": str(report.verdict),
        "tool": {"name": "graphval", "version": report.tool_version},
        "target": _target(report.target),
        "graphs": [_graph(graph) for graph in report.graphs],
        "findings": [_finding(finding) for finding in report.findings],
    }
    if report.known is not None:
        told["baseline"] = {"known": report.known}
    if report.cached:
        told["cached"] = [{"deployment": entry.deployment, **_cached(entry)} for entry in report.cached]
    return told


class JsonReport:
    """Writes the report to ``stream`` when the run is done, and nothing before."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def handle(self, event: Event) -> None:
        """Write the report if this event brings it."""
        if isinstance(event, Done):
            self._stream.write(indented(as_json(event.report)) + "\n")
            self._stream.flush()


def _target(target: Target) -> dict[str, Any]:
    told = {"ovms": target.ovms, "engine": target.engine, "image": target.image}
    return {**told, "reason": target.reason} if target.reason else told


def _graph(graph: GraphReport) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": graph.name,
        "file": graph.file,
        "verdict": str(graph.verdict),
        "reached": str(graph.reached),
        "stages": [
            {"stage": str(s.stage), "status": str(s.status), "by": str(s.by), "seconds": round(s.seconds, 3)}
            for s in graph.stages
        ],
        "not_exercised": [{"node": entry.node, "reason": entry.reason} for entry in graph.not_exercised],
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
