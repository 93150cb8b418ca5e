"""The report as JSON: the contract ``graphval.report/1`` (``schema.json`` beside this file)."""

from __future__ import annotations

import json
from typing import Any

from graphval.findings import SCHEMA, Finding, GraphReport, Report, Span


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON-able values, keys in the order of the contract."""
    return {
        "schema": SCHEMA,
        "verdict": report.verdict.value,
        "tool": {"name": "graphval", "version": report.tool_version},
        "target": {"ovms": report.target.ovms, "engine": report.target.engine, "image": report.target.image},
        "graphs": [_graph(graph) for graph in report.graphs],
        "findings": [_finding(finding) for finding in report.findings],
    }


def render(report: Report) -> str:
    """The report as indented JSON text with a line end."""
    return json.dumps(as_json(report), indent=2, ensure_ascii=False) + "\n"


def _graph(graph: GraphReport) -> dict[str, Any]:
    return {
        "name": graph.name,
        "file": graph.file,
        "verdict": graph.verdict.value,
        "reached": graph.reached.value,
        "stages": [
            {"stage": s.stage.value, "status": s.status.value, "by": s.by.value, "seconds": round(s.seconds, 3)}
            for s in graph.stages
        ],
        "not_exercised": [{"node": entry.node, "reason": entry.reason} for entry in graph.not_exercised],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "phase": finding.phase.value,
        "effect": finding.effect.value,
        "graph": finding.graph,
        "message": finding.message,
        "help": finding.help,
        "location": _span(finding.location),
        "related": [{"message": entry.message, "location": _span(entry.location)} for entry in finding.related],
        "by": finding.by.value,
        "evidence": dict(finding.evidence),
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
