"""The line of progress on a terminal."""

from __future__ import annotations

import io
from time import monotonic, sleep

import pytest

from graphval.deadlines import ServerPhase
from graphval.events import (
    EngineChosen,
    EngineStarting,
    Event,
    FindingMade,
    PhaseBegan,
    PhaseEnded,
    ProbeSent,
    RunStarted,
    ServerDied,
    StageEnded,
)
from graphval.findings import By, Rung, Span, Stage, StageStatus
from graphval.report.progress import Progress

from .making import done, finding

ERASE = "\r\x1b[K"


def stage(graph: str, rung: Rung, status: StageStatus) -> StageEnded:
    return StageEnded(graph, Stage(rung, status, By.ENGINE, 0.0))


def shown(*events: Event) -> list[str]:
    """The texts that stood on the line, one after another; what was only erased is empty."""
    terminal = io.StringIO()
    progress = Progress(terminal)
    for event in events:
        progress.handle(event)
    first, *texts = terminal.getvalue().split(ERASE)
    assert first == ""
    return texts


def test_each_event_replaces_the_line() -> None:
    assert shown(
        RunStarted(("a", "b"), "2026.4"),
        EngineChosen("rehearsal", "because"),
        EngineStarting("a", 1),
        stage("a", Rung.LOAD, StageStatus.PASS),
        ProbeSent("a", "creation", 1),
        ServerDied("a", "SIGABRT"),
        EngineStarting("a", 2),
        stage("a", Rung.CREATE, StageStatus.FAIL),
        stage("b", Rung.CREATE, StageStatus.SKIPPED),
    ) == [
        "2 graphs",
        "engine rehearsal",
        "starting a server for a",
        "[1/2] a: load ok",
        "[1/2] a: request 1 (creation)",
        "server died under a: SIGABRT",
        "starting a server for a again (2)",
        "[1/2] a: create FAILED",
        "[2/2] b: create -",
    ]


def test_the_end_takes_the_line_away_once() -> None:
    assert shown(RunStarted(("a",), "2026.4"), done(), done()) == ["1 graph", ""]


def test_what_takes_its_time_shows_how_long_of_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    terminal = io.StringIO()
    progress = Progress(terminal, pause=0.005)
    for event, text in (
        (PhaseBegan(None, ServerPhase.PULL, 1800.0), "pull"),
        (PhaseBegan("d" * 100, ServerPhase.LOAD, 7.5), "d" * 20),
        (ProbeSent("a", "creation", 1, 30.0), "[1/1] a: request 1 (creation)"),
    ):
        progress.handle(event)
        deadline = f", 0 s of {event.deadline:g} s"
        end = monotonic() + 30
        while not (line := terminal.getvalue().rpartition(ERASE)[2]).endswith(deadline):
            assert monotonic() < end
        assert line.startswith(text)
        assert len(line) < 60
    progress.handle(PhaseEnded("d", ServerPhase.LOAD, 1.0, 7.5))
    progress.clear()
    said = terminal.getvalue()
    assert said.endswith(ERASE)
    sleep(0.05)
    assert terminal.getvalue() == said, "it counts on after it was taken away"


def test_findings_are_not_its_business() -> None:
    terminal = io.StringIO()
    Progress(terminal).handle(FindingMade(finding(Span("g", 1, 1, 1, 1))))
    assert terminal.getvalue() == ""


def test_clearing_an_empty_line_writes_nothing() -> None:
    terminal = io.StringIO()
    progress = Progress(terminal)
    progress.clear()
    progress.handle(EngineStarting("a", 1))
    progress.clear()
    progress.clear()
    assert terminal.getvalue() == f"{ERASE}starting a server for a{ERASE}"


@pytest.mark.parametrize("name", ["x" * 500, "a\nb", "\x1b[2J"])
def test_it_stays_one_line_of_the_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    [text] = shown(ProbeSent(name, "creation", 1))
    assert len(text) < 60
    assert text.isprintable()


def test_more_graphs_than_announced_do_not_count_beyond_the_end() -> None:
    texts = shown(RunStarted(("a",), "2026.4"), ProbeSent("a", "p", 1), ProbeSent("b", "p", 1))
    assert texts[1:] == ["[1/1] a: request 1 (p)", "[2/2] b: request 1 (p)"]
