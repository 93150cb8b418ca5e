"""Secrets are kept out of what is concluded, too: an answer may repeat what user code was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphval.engines.secrets import masked
from graphval.findings import Finding, GraphReport
from graphval.run.outcome import Concluded


def without_secrets(concluded: Concluded, secrets: Sequence[str]) -> Concluded:
    """The same with each of these values hidden wherever it stands."""
    if not secrets:
        return concluded
    return Concluded(
        tuple(_graph(graph, secrets) for graph in concluded.graphs),
        tuple(_finding(finding, secrets) for finding in concluded.findings),
    )


def _graph(graph: GraphReport, secrets: Sequence[str]) -> GraphReport:
    entries = (entry._replace(reason=masked(entry.reason, secrets)) for entry in graph.not_exercised)
    return graph._replace(not_exercised=tuple(entries))


def _finding(finding: Finding, secrets: Sequence[str]) -> Finding:
    return finding._replace(
        message=masked(finding.message, secrets),
        help=masked(finding.help, secrets),
        label=masked(finding.label, secrets),
        related=tuple(entry._replace(message=masked(entry.message, secrets)) for entry in finding.related),
        evidence={name: _value(value, secrets) for name, value in finding.evidence.items()},
    )


def _value(value: Any, secrets: Sequence[str]) -> Any:
    match value:
        case str():
            return masked(value, secrets)
        case Mapping():
            return {name: _value(entry, secrets) for name, entry in value.items()}
        case list() | tuple():
            return [_value(entry, secrets) for entry in value]
    return value
