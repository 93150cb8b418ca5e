"""A deployment of small graphs, checked on an engine of the test's choice."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

from graphval.check import check_events
from graphval.deadlines import ServerPhase
from graphval.engines.choose import Choice
from graphval.engines.interface import Engine, Limits
from graphval.events import Done, Event
from graphval.findings import Finding, GraphReport, Report
from graphval.probe.asking import Deadlines
from graphval.run.terms import Terms

TEXT = """input_stream: "in"
output_stream: "out"
node {
  name: "only"
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
}
"""
QUICK = Terms(limits=Limits(load=30.0, stop=2.0), deadlines=Deadlines(status=5.0, creation=1.0, request=1.0))


def deployment(folder: Path, graphs: Mapping[str, str]) -> Path:
    """A config.json that names these graphs in this order."""
    for name, text in graphs.items():
        place = folder / name
        place.mkdir(parents=True)
        (place / "graph.pbtxt").write_text(text, encoding="utf-8")
    config = {"model_config_list": [], "mediapipe_config_list": [{"name": name} for name in graphs]}
    file = folder / "config.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    return file


class Checked:
    """A run that has ended."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        last = events[-1]
        assert isinstance(last, Done)
        self.report: Report = last.report

    def graph(self, name: str) -> GraphReport:
        return next(graph for graph in self.report.graphs if graph.name == name)

    def findings(self, name: str | None) -> list[Finding]:
        return [finding for finding in self.report.findings if finding.graph == name]

    def codes(self, name: str | None) -> list[str]:
        return [finding.code for finding in self.findings(name)]


def _chosen(engine: Engine) -> Generator[ServerPhase, None, Choice]:
    yield from ()
    return Choice(engine, "the test's")


def check(monkeypatch: pytest.MonkeyPatch, path: Path, engine: Engine, terms: Terms = QUICK) -> Checked:
    return Checked(list(begun(monkeypatch, path, engine, terms)))


def begun(
    monkeypatch: pytest.MonkeyPatch, path: Path, engine: Engine, terms: Terms = QUICK
) -> Generator[Event, None, None]:
    """A run whose events are still to come."""
    monkeypatch.setattr("graphval.engines.choose.choosing", lambda *_: _chosen(engine))
    events = check_events([path], engine=engine.name, terms=terms)
    assert isinstance(events, Generator)
    return events
