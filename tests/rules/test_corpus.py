"""Graphs that were shown to a real server, its answers as labels. They lie beside the project where it is developed.

The floors are what the rules reach; a change that lowers one has lost something that a server would have said.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import graphval
from graphval.findings import Effect, Finding, Phase, Severity

CORPUS = (Path(__file__).resolve().parents[3] / "shared" / "corpus").resolve()
AT_LOAD = (Phase.PARSE, Phase.LOAD)

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the labelled graphs are not part of the project")


@dataclass(frozen=True)
class Case:
    """A labelled graph and the errors found in it."""

    name: str
    label: dict[str, Any]
    errors: tuple[Finding, ...]

    @property
    def found_in_time(self) -> bool:
        at_load = self.label["phase_expected"] == "load"
        return any((error.phase in AT_LOAD) == at_load for error in self.errors)


def cases(family: str) -> list[Case]:
    subjects = list(_subjects(CORPUS / family))
    report = graphval.lint([subject for subject, _ in subjects], no_models=family != "deployments")
    errors: dict[Path, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.severity is Severity.ERROR:
            file = Path(finding.location.file).resolve()
            folder = next(parent for parent in file.parents if parent.parent == CORPUS / family)
            errors[folder].append(finding)
    return [Case(subject.parent.name, label, tuple(errors[subject.parent])) for subject, label in subjects]


def _subjects(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for file in sorted(folder.glob("*/case.json")):
        label = json.loads(file.read_text(encoding="utf-8"))
        subject = file.with_name(label.get("deployment", "graph.pbtxt"))
        if subject.exists() and label.get("portable", True) and label.get("static", True):
            yield subject, label


@pytest.fixture(scope="module", params=["written", "failures", "mutants", "deployments"])
def labelled(request: pytest.FixtureRequest) -> tuple[str, list[Case]]:
    return request.param, cases(request.param)


MISSED = {"written": 0, "failures": 0, "mutants": 1, "deployments": 0}
FALSE = {"written": 0, "failures": 0, "mutants": 1, "deployments": 0}


def test_what_the_server_refused_is_found(labelled: tuple[str, list[Case]]) -> None:
    family, found = labelled
    missed = [c.name for c in found if c.label["expected"] in ("reject", "abort") and _decidable(c) and not c.errors]
    assert len(missed) <= MISSED[family], missed


def test_what_the_server_took_is_not_refused(labelled: tuple[str, list[Case]]) -> None:
    family, found = labelled
    false = [c.name for c in found if c.label["expected"] == "accept" and c.errors]
    assert len(false) <= FALSE[family], false


def test_the_moment_is_right(labelled: tuple[str, list[Case]]) -> None:
    _, found = labelled
    bad = [c for c in found if c.label["expected"] in ("reject", "abort") and _decidable(c) and c.errors]
    assert bad
    assert [c.name for c in bad if not c.found_in_time] == []


def test_what_ended_the_server_is_called_an_abort(labelled: tuple[str, list[Case]]) -> None:
    _, found = labelled
    ended = [c for c in found if c.label["expected"] == "abort"]
    assert [c.name for c in ended if not any(e.effect is Effect.ABORT for e in c.errors)] == []


def test_every_graph_that_ended_the_server_is_there() -> None:
    assert sum(label["expected"] == "abort" for _, label in _subjects(CORPUS / "failures")) == 21


def _decidable(case: Case) -> bool:
    """Whether the graph alone decides; some labels are about a request, the network or files that are not at hand."""
    if "static" in case.label:
        return bool(case.label["static"])
    return not case.label.get("failure_class", "").startswith(_ABOUT_OTHER_THINGS) or case.label.get(
        "failure_class", ""
    ).startswith(_ABOUT_THE_GRAPH)


_ABOUT_OTHER_THINGS = (
    "request.",
    "stream.",
    "lifecycle.",
    "config.",
    "cli.",
    "llm.init_failed",
    "llm.models_path",
    "llm.pipeline_type",
    "python.handler_missing",
    "python.handler_init_failed",
    "python.resource_only",
)
_ABOUT_THE_GRAPH = (
    "request.input_stream_handler",
    "request.side_packet",
    "request.hang",
    "request.bad_node_options",
)
