"""The report as SARIF 2.1.0, within the limits of GitHub's code scanning.

Limits (docs.github.com, "SARIF results exceed one or more limits"): 25 000 results and rules in a run, 1 000 places of
a result, 20 tags of a rule. Errors come first, so what a limit cuts off weighs least; what was cut is said in a
notification. Rules carry the text that ``graphval explain`` prints.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from graphval.findings import Finding, Report, Severity, Span
from graphval.report.age import moment
from graphval.report.belonging import distinct
from graphval.report.fingerprint import fingerprints
from graphval.report.paths import relative_uri
from graphval.report.rule_text import RuleText
from graphval.report.verdict_line import verdict_line
from graphval.report.words import then, when

SCHEMA_URI = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_RESULTS = 25_000
MAX_PLACES = 1_000
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_ROOT = "%SRCROOT%"


def render_sarif(report: Report, rules: Mapping[str, RuleText]) -> str:
    """The report as the text of a SARIF file."""
    return json.dumps(as_sarif(report, rules), indent=1) + "\n"


def as_sarif(report: Report, rules: Mapping[str, RuleText]) -> dict[str, Any]:
    """The report as a SARIF log with one run. ``rules`` are all known ones by code; those that spoke are listed."""
    order = list(Severity)
    findings = sorted(distinct(report), key=lambda finding: order.index(finding.severity))
    prints = fingerprints(findings)
    findings, left_out = findings[:MAX_RESULTS], len(findings[MAX_RESULTS:])
    codes = sorted({finding.code for finding in findings})
    place_of = {code: position for position, code in enumerate(codes)}
    named = {finding.code: finding for finding in findings}
    return {
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "graphval",
                        "version": report.tool_version,
                        "semanticVersion": report.tool_version,
                        "rules": [_rule(code, rules.get(code), named[code]) for code in codes],
                    }
                },
                "automationDetails": {"id": f"graphval/{report.target.engine}/"},
                "invocations": [
                    {"executionSuccessful": True, "toolExecutionNotifications": _notifications(report, left_out)}
                ],
                "originalUriBaseIds": {_ROOT: {"description": {"text": "the folder that graphval was started in"}}},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(finding, place_of[finding.code], print_)
                    for finding, print_ in zip(findings, prints, strict=False)
                ],
                "properties": {
                    "verdict": report.verdict.value,
                    "summary": verdict_line(report),
                    "ovms": report.target.ovms,
                    "engine": report.target.engine,
                    **({"cached": _cached(report)} if report.cached else {}),
                },
            }
        ],
    }


def _cached(report: Report) -> list[dict[str, str]]:
    """The deployments whose verdicts earlier runs have reached."""
    return [{"deployment": entry.deployment, "judged": moment(entry.judged)} for entry in report.cached]


def _rule(code: str, rule: RuleText | None, example: Finding) -> dict[str, Any]:
    severity = rule.severity if rule is not None else example.severity
    phase, effect = (rule.phase, rule.effect) if rule is not None else (example.phase, example.effect)
    described: dict[str, Any] = {
        "id": code,
        "name": rule.name if rule is not None else example.name,
        "defaultConfiguration": {"level": _LEVEL[severity]},
        "properties": {
            "precision": "very-high",
            "problem.severity": _PROBLEM[severity],
            "tags": ["ovms", "mediapipe", f"phase/{phase.value}", f"effect/{effect.value}"],
        },
    }
    if rule is not None:
        described |= {
            "shortDescription": {"text": rule.summary},
            "fullDescription": {"text": rule.summary},
            "help": {"text": rule.doc.strip(), "markdown": rule.doc.strip()},
        }
    return described


def _result(finding: Finding, rule_index: int, fingerprint: str) -> dict[str, Any]:
    message = finding.message + (f"; {finding.help}" if finding.help else "")
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVEL[finding.severity],
        "message": {"text": f"{message}\nwhen: {when(finding)}\nthen: {then(finding)}"},
        "locations": [_location(finding.location, finding)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "graphvalFinding/v1": fingerprint},
        "properties": {
            "phase": finding.phase.value,
            "effect": finding.effect.value,
            "by": finding.by.value,
            "graph": finding.graph,
        },
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(entry.location), "message": {"text": entry.message}}
            for number, entry in enumerate(finding.related[: MAX_PLACES - 1], 1)
        ]
    if finding.edits:
        replacements = [
            {"deletedRegion": _region(edit.location), "insertedContent": {"text": edit.text}} for edit in finding.edits
        ]
        change = {"artifactLocation": _artifact(finding.edits[0].location.file), "replacements": replacements}
        result["fixes"] = [{"description": {"text": finding.help or finding.message}, "artifactChanges": [change]}]
    if finding.evidence:
        result["properties"]["evidence"] = dict(finding.evidence)
    return result


def _location(span: Span, finding: Finding | None = None) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(span.file),
            "region": _region(span),
        }
    }
    if finding is not None and finding.node is not None:
        inside = f"{finding.graph}/{finding.node}" if finding.graph else finding.node
        location["logicalLocations"] = [{"name": finding.node, "fullyQualifiedName": inside, "kind": "element"}]
    return location


def _artifact(file: str) -> dict[str, Any]:
    """A file as SARIF names it."""
    uri, relative = relative_uri(file)
    return {"uri": uri, "uriBaseId": _ROOT} if relative else {"uri": uri}


def _region(span: Span) -> dict[str, int]:
    """A place as SARIF names it: lines and columns from 1, the end exclusive, as in a :class:`Span`."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _notifications(report: Report, left_out: int) -> Sequence[dict[str, Any]]:
    """What was not exercised, and how many results a limit has cut off: silence would read as a pass."""
    notes = [
        {
            "level": "note",
            "message": {
                "text": f"{graph.name}: not exercised: "
                + (f'node "{entry.node}", because ' if entry.node else "")
                + entry.reason
            },
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(graph.file)}}],
        }
        for graph in report.graphs
        for entry in graph.not_exercised
    ]
    if left_out:
        notes.append({"level": "warning", "message": {"text": f"{left_out} more results are beyond GitHub's limit"}})
    return notes
