"""A verdict that is written down and read again is the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graphval.cache.form import read, written
from graphval.check import lint_events
from graphval.events import Done
from graphval.findings import By, Edit, Finding, NotExercised, Related, Severity, Span, Verdict
from tests.ci.running import ROOT
from tests.report.making import FAILED, OK, SKIPPED, finding, graph

HERE, THERE = Span("g/graph.pbtxt", 1, 2, 3, 4), Span("\udcff", 5, 6, 7, 8)
FULL = finding(
    HERE,
    graph=None,
    help="do",
    label="this",
    node="n",
    severity=Severity.INFO,
    by=By.ENGINE,
    related=(Related("also", THERE),),
    edits=(Edit(THERE, "\0 text"),),
    evidence={"log": ["a", "b"], "exit": "1", "seconds": 0.5},
)
GRAPH = graph(
    "f", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED,
    not_exercised=(NotExercised(None, "why"), NotExercised("n", "so")), probes=3, seconds=0.25,
)  # fmt: skip


def again(graphs: Any, findings: Any) -> Any:
    return read(json.loads(json.dumps(written(graphs, findings))))


def test_everything_comes_back() -> None:
    assert again([GRAPH], [FULL, finding(HERE)]) == ((GRAPH,), (FULL, finding(HERE)))


def test_the_findings_of_all_broken_graphs_come_back() -> None:
    *_, last = lint_events([ROOT / "graphs" / "broken"])
    assert isinstance(last, Done)
    assert len(last.report.findings) > 10
    assert again(last.report.graphs, last.report.findings) == (last.report.graphs, last.report.findings)


def test_every_field_is_written() -> None:
    assert set(written([GRAPH], [FULL])["findings"][0]) == set(Finding._fields)


@pytest.mark.parametrize("name", list(written([], [FULL])["findings"][0]))
@pytest.mark.parametrize("value", [[], 7.5, {"a": 1}])
def test_what_is_no_verdict_is_refused(name: str, value: Any) -> None:
    told = written([GRAPH], [FULL])
    told["findings"][0][name] = value
    if (name, type(value)) in (("evidence", dict), ("related", list), ("edits", list)):
        return
    with pytest.raises((KeyError, TypeError, ValueError)):
        read(told)
