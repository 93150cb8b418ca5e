"""The report as GitLab's code quality artefact.

Source: docs.gitlab.com "Code Quality", the report format: a JSON array of objects with description, check name,
fingerprint, severity, path and first line; no byte order mark; paths relative to the repository without ``./``.
"""

from __future__ import annotations

import json
from typing import Any

from graphval.findings import Effect, Finding, Report, Severity
from graphval.report.belonging import distinct
from graphval.report.fingerprint import fingerprints
from graphval.report.paths import relative_path
from graphval.report.words import then


def render_gitlab(report: Report) -> str:
    """The report as the text of a code quality file."""
    findings = distinct(report)
    entries = [_entry(finding, print_) for finding, print_ in zip(findings, fingerprints(findings), strict=True)]
    return json.dumps(entries, indent=1) + "\n"


def _entry(finding: Finding, fingerprint: str) -> dict[str, Any]:
    words = [finding.message, then(finding), *([finding.help] if finding.help else [])]
    return {
        "description": f"{finding.code}: {'; '.join(words)}",
        "check_name": finding.name,
        "fingerprint": fingerprint,
        "severity": _severity(finding),
        "location": {
            "path": relative_path(finding.location.file),
            "lines": {"begin": finding.location.line, "end": finding.location.end_line},
        },
    }


def _severity(finding: Finding) -> str:
    """What ends the server blocks; what is refused is critical."""
    match finding.severity, finding.effect:
        case Severity.ERROR, Effect.ABORT:
            return "blocker"
        case Severity.ERROR, Effect.REJECT:
            return "critical"
        case Severity.ERROR, _:
            return "major"
        case Severity.WARNING, _:
            return "minor"
    return "info"
