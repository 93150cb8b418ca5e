"""Making a finding of what a server showed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphval.deployment.model import GraphEntry
from graphval.diagnosis.counterparts import counterparts
from graphval.diagnosis.places import Blame
from graphval.diagnosis.python_trace import raised_in
from graphval.findings import By, Finding, Related, Span
from graphval.graph import Graph
from graphval.rules.mechanism import Rule

_BOILERPLATE = re.compile(
    r"Mediapipe graph: .+? initialization failed with message: |ValidatedGraphConfig Initialization failed\.|"
    r"CalculatorGraph::Run\(\) failed: |Graph has errors: |ValidateRequiredSidePackets failed to validate: |"
    r"CalculatorGraph::InitializeCalculatorNodes failed: |Mediapipe execution failed\. MP status - |"
    r"Failed to (?:initialize|start) mediapipe graph - |Failed to add mediapipe graph output stream - |"
    r"Failed to add packet to mediapipe graph input stream - |Mediapipe graph precondition failed - |"
    r"^(?:start MediaPipe graph: \S+|graph wait until (?:idle|done)|failed to add packet to stream: \S+) "
)
_CODE = re.compile(r"^(?:[A-Z]+_)*[A-Z]+: ")
_LONGEST = 300
HIGHER_LIMITS = "give the server more: --memory, --cpu-seconds"
"""What to do about a limit of ours."""


def gist(text: str) -> str:
    """What a server's message says, on one line, without the words that are always the same."""
    line = _BOILERPLATE.sub("", text)
    line = re.sub(r"\s+", " ", line).strip().removeprefix("; ")
    line = _CODE.sub("", line).strip().removeprefix("; ").replace(" ; ", "; ").strip()
    line = _BOILERPLATE.sub("", line).strip().removeprefix("; ").rstrip(".;: ")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def engine_finding(
    rule: Rule,
    message: str,
    *,
    graph: str | None,
    location: Span,
    node: str | None = None,
    help: str = "",
    evidence: Mapping[str, Any] | None = None,
    related: tuple[Related, ...] = (),
) -> Finding:
    """A finding of an engine; code, phase, effect and severity are the rule's."""
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        phase=rule.phase,
        effect=rule.effect,
        graph=graph,
        message=message,
        location=location,
        help=help,
        related=related,
        by=By.ENGINE,
        evidence=dict(evidence or {}),
        node=node,
    )


def blamed_finding(
    rule: Rule,
    message: str,
    blamed: Blame,
    *,
    graph: str,
    help: str = "",
    evidence: Mapping[str, Any] | None = None,
    related: tuple[Related, ...] = (),
) -> Finding:
    """The same, at the place that is to blame."""
    node = blamed.node.display if blamed.node is not None else None
    return engine_finding(
        rule, message, graph=graph, location=blamed.place.span, node=node, help=help, evidence=evidence, related=related
    )


def as_rule(finding: Finding, rule: Rule, before: str) -> Finding:
    """The same observation as a finding of another rule, with words before its message."""
    return finding._replace(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        phase=rule.phase,
        effect=rule.effect,
        message=before + finding.message,
    )


def beside(graph: Graph, blamed: Blame, *texts: str) -> tuple[Related, ...]:
    """What stands beside a blamed place: the line of a handler that raised, and the other ends that may be wrong."""
    raised = raised_in(graph, blamed.node, *texts)
    return (() if raised is None else (raised,)) + counterparts(graph, blamed, *texts)


def entry_span(entry: GraphEntry) -> Span:
    """Where a graph is named when nothing better is known: its first line, or its entry in config.json."""
    if entry.source is None and entry.place is not None:
        return entry.place.span
    return Span(entry.display, 1, 1, 1, 1)
