"""What a run has found so far: findings that count, findings that a baseline knows, a report for each graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphval.events import Event, FindingMade, GraphJudged, StageEnded, VerdictCached
from graphval.findings import Cached, Finding, GraphReport, Report, Severity, Target
from graphval.run import verdict
from graphval.settings import Settings


class Tally:
    """Takes what each deployment has shown and makes the report of the run. Raises
    :class:`~graphval.settings.SettingsError` where the baseline that is set cannot be read."""

    def __init__(self, settings: Settings) -> None:
        self._failing = settings.failing
        self._baseline = None
        if settings.baseline is not None:
            from graphval.run.baseline import read_baseline  # most runs have none

            self._baseline = read_baseline(settings.baseline)
        self._findings: list[Finding] = []
        self._graphs: list[GraphReport] = []
        self._excused: list[GraphReport] = []
        self._cached: list[Cached] = []

    def take(self, findings: Iterable[Finding], graphs: Iterable[GraphReport] = ()) -> Iterator[Event]:
        """Enter what one deployment has shown, as events: the findings that no baseline knows, then the rungs of
        each graph and what is reported of it."""
        new: list[Finding] = []
        known: list[Finding] = []
        for finding in findings:
            if self._baseline is not None and self._baseline.knows(finding):
                known.append(finding)
                continue
            new.append(finding)
            yield FindingMade(finding)
        for graph in graphs:
            for stage in graph.stages:
                yield StageEnded(graph.name, stage)
            yield GraphJudged(graph)
            self._graphs.append(graph)
            if _about(graph, known) and not any(f.severity is Severity.ERROR for f in _about(graph, new)):
                self._excused.append(graph)
        self._findings += new

    def take_cached(
        self, cached: Cached, findings: Iterable[Finding], graphs: Iterable[GraphReport]
    ) -> Iterator[Event]:
        """Enter what an earlier run has shown of a deployment."""
        self._cached.append(cached)
        yield VerdictCached(cached)
        yield from self.take(findings, graphs)

    def report(self, target: Target) -> Report:
        """The report on all that was taken."""
        return verdict.report(
            self._graphs,
            self._findings,
            target,
            failing=self._failing,
            excused=self._excused,
            known=None if self._baseline is None else self._baseline.met,
            cached=self._cached,
        )


def _about(graph: GraphReport, findings: Iterable[Finding]) -> list[Finding]:
    """The findings of a graph's deployment that can make it fail."""
    return [finding for finding in findings if finding.graph in (graph.name, None)]
