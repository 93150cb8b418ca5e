"""Which findings are about which graph, where several deployments of one run name their graphs alike."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from graphval.findings import Finding, GraphReport, Report, Span


def by_graph(report: Report) -> tuple[list[tuple[GraphReport, list[Finding]]], list[Finding]]:
    """Each graph with its findings, and the findings that belong to no single graph. Each finding comes once."""
    names = Counter(graph.name for graph in report.graphs)
    of: dict[int, list[Finding]] = {position: [] for position in range(len(report.graphs))}
    rest: list[Finding] = []
    for finding in distinct(report):
        owner = _owner(finding, report, names)
        (of[owner] if owner is not None else rest).append(finding)
    return [(graph, of[position]) for position, graph in enumerate(report.graphs)], rest


def distinct(report: Report) -> list[Finding]:
    """The findings in order, those that say the same of the same graph at the same place once."""
    first: dict[tuple[str, Span, str, str | None], Finding] = {}
    for finding in report.findings:
        first.setdefault((finding.code, finding.location, finding.message, finding.graph), finding)
    return list(first.values())


def _owner(finding: Finding, report: Report, names: Counter[str]) -> int | None:
    if finding.graph is None:
        return None
    named = [position for position, graph in enumerate(report.graphs) if graph.name == finding.graph]
    if names[finding.graph] > 1:
        place = Path(finding.location.file)
        same = [position for position in named if Path(report.graphs[position].file) == place]
        near = [position for position in named if Path(report.graphs[position].file).is_relative_to(place.parent)]
        named = same or near or named
    return named[0] if named else None


def labels(report: Report) -> list[str]:
    """How the graphs are told apart: by name, or by folder where names repeat."""
    names = Counter(graph.name for graph in report.graphs)
    return [
        graph.name if names[graph.name] == 1 else f"{graph.name} ({Path(graph.file).parent})" for graph in report.graphs
    ]
