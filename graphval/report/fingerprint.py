"""What identifies a finding across runs: it stays the same when lines above it come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from graphval.findings import Finding, Span
from graphval.report.excerpt import Sources
from graphval.report.paths import relative_uri


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """A fingerprint for each finding: code, file, graph, node and the blamed text, numbered where all of them repeat.

    Neither lines nor messages are part of it: other lines move it, and a reworded message is the same finding.
    """
    sources, met, prints = Sources(), Counter[str](), []
    for finding in findings:
        parts = (
            finding.code,
            relative_uri(finding.location.file)[0],
            finding.graph or "",
            finding.node or "",
            _text(sources, finding.location),
        )
        digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        met[digest] += 1
        prints.append(f"{digest}:{met[digest]}")
    return prints


def _text(sources: Sources, span: Span) -> str:
    """The blamed text without its indentation; of a span over several lines the first."""
    line = sources.line(span.file, span.line) or ""
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    return line[span.column - 1 : end].strip() or line.strip()
