"""A verdict written down and read again, whole: reports and findings as JSON.

The report's own JSON form leaves out what only people at a terminal see; this one leaves out nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphval.findings import (
    By,
    Edit,
    Effect,
    Finding,
    GraphReport,
    NotExercised,
    Phase,
    Related,
    Rung,
    Severity,
    Span,
    Stage,
    StageStatus,
    Verdict,
)


def written(graphs: Sequence[GraphReport], findings: Sequence[Finding]) -> dict[str, Any]:
    """Reports and findings as JSON-able values."""
    return {"graphs": [_graph(graph) for graph in graphs], "findings": [_finding(finding) for finding in findings]}


def read(told: Mapping[str, Any]) -> tuple[tuple[GraphReport, ...], tuple[Finding, ...]]:
    """What :func:`written` has made. Raises :class:`KeyError`, :class:`TypeError` or :class:`ValueError` for anything
    else."""
    return tuple(map(_read_graph, told["graphs"])), tuple(map(_read_finding, told["findings"]))


def _graph(graph: GraphReport) -> dict[str, Any]:
    return {
        "name": graph.name,
        "file": graph.file,
        "verdict": graph.verdict.value,
        "reached": graph.reached.value,
        "stages": [[s.stage.value, s.status.value, s.by.value, s.seconds] for s in graph.stages],
        "not_exercised": [[entry.node, entry.reason] for entry in graph.not_exercised],
        "probes": graph.probes,
        "seconds": graph.seconds,
    }


def _read_graph(told: Mapping[str, Any]) -> GraphReport:
    return GraphReport(
        name=_text(told["name"]),
        file=_text(told["file"]),
        verdict=Verdict(told["verdict"]),
        reached=Rung(told["reached"]),
        stages=tuple(
            Stage(Rung(rung), StageStatus(status), By(by), float(seconds))
            for rung, status, by, seconds in told["stages"]
        ),
        not_exercised=tuple(NotExercised(_maybe(node), _text(reason)) for node, reason in told["not_exercised"]),
        probes=int(told["probes"]),
        seconds=float(told["seconds"]),
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "phase": finding.phase.value,
        "effect": finding.effect.value,
        "graph": finding.graph,
        "message": finding.message,
        "location": _span(finding.location),
        "help": finding.help,
        "label": finding.label,
        "related": [[entry.message, _span(entry.location)] for entry in finding.related],
        "by": finding.by.value,
        "evidence": dict(finding.evidence),
        "node": finding.node,
        "edits": [[_span(edit.location), edit.text] for edit in finding.edits],
    }


def _read_finding(told: Mapping[str, Any]) -> Finding:
    evidence = told["evidence"]
    if not isinstance(evidence, dict):
        raise TypeError("evidence is a table")
    return Finding(
        code=_text(told["code"]),
        name=_text(told["name"]),
        severity=Severity(told["severity"]),
        phase=Phase(told["phase"]),
        effect=Effect(told["effect"]),
        graph=_maybe(told["graph"]),
        message=_text(told["message"]),
        location=_read_span(told["location"]),
        help=_text(told["help"]),
        label=_text(told["label"]),
        related=tuple(Related(_text(message), _read_span(place)) for message, place in told["related"]),
        by=By(told["by"]),
        evidence=evidence,
        node=_maybe(told["node"]),
        edits=tuple(Edit(_read_span(place), _text(text)) for place, text in told["edits"]),
    )


def _span(span: Span) -> list[str | int]:
    return [span.file, span.line, span.column, span.end_line, span.end_column]


def _read_span(told: Sequence[Any]) -> Span:
    file, line, column, end_line, end_column = told
    return Span(_text(file), int(line), int(column), int(end_line), int(end_column))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("this is a text")
    return value


def _maybe(value: Any) -> str | None:
    return None if value is None else _text(value)
