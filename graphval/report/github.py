"""Annotations for GitHub Actions: workflow commands on standard output.

GitHub shows 10 errors, 10 warnings and 10 notices of a step and drops the rest without a word. What it would drop is
counted in the last notice instead. Source: docs.github.com "Workflow commands for GitHub Actions", and the limits in
github.com/actions/toolkit ``docs/problem-matchers.md``.
"""

from __future__ import annotations

from collections import Counter

from graphval.findings import Finding, Report, Severity
from graphval.report.belonging import distinct
from graphval.report.paths import relative_path
from graphval.report.style import one_line
from graphval.report.verdict_line import verdict_line
from graphval.report.words import then, when

MAX_OF_A_KIND = 10
_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render_github(report: Report) -> str:
    """The report as workflow commands, the verdict as the last notice."""
    lines: list[str] = []
    shown: Counter[Severity] = Counter()
    left_out: Counter[Severity] = Counter()
    order = list(Severity)
    for finding in sorted(distinct(report), key=lambda finding: order.index(finding.severity)):
        # The last notice is the verdict's.
        room = MAX_OF_A_KIND - (finding.severity is Severity.INFO)
        if shown[finding.severity] < room:
            shown[finding.severity] += 1
            lines.append(_annotation(finding))
        else:
            left_out[finding.severity] += 1
    rest = ", ".join(f"{count} more {_COMMAND[kind]}{'' if count == 1 else 's'}" for kind, count in left_out.items())
    summary = verdict_line(report) + (f"; {rest} beyond what GitHub shows of a step" if rest else "")
    lines.append(f"::notice title=graphval::{_data(summary)}")
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding) -> str:
    span = finding.location
    properties = {
        "file": relative_path(span.file),
        "line": str(span.line),
        "endLine": str(span.end_line),
        "title": f"{finding.code} {finding.name}",
    }
    if span.line == span.end_line:
        # Columns of a span over several lines are refused.
        properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    lines = [finding.message, f"when: {when(finding)}", f"then: {then(finding)}"]
    if finding.help:
        lines.append(f"help: {finding.help}")
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMAND[finding.severity]} {written}::{'%0A'.join(map(_data, lines))}"


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
