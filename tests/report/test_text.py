"""The report for people, word for word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from graphval.events import EngineChosen, EngineStarting, FindingMade, ProbeSent, RunStarted, ServerDied, StageEnded
from graphval.findings import (
    By,
    Effect,
    NotExercised,
    Phase,
    Related,
    Rung,
    Severity,
    Span,
    Stage,
    StageStatus,
    Verdict,
)

from .making import FAILED, OK, REHEARSED, SKIPPED, done, finding, graph, text_of

TEXT = """\
input_stream: "in"
output_stream: "out"
node {
	calculator: "PassThroughCalculator"
	input_stream: "inn"
	output_stream: "out"
}
"""
STATIC_ONLY = "(static checks only, nothing was run; OVMS 2026.4)"
MORE = "graphval explain GV210"
AT_LOAD = f"""\
  = when: the server starts or reloads its configuration
  = then: the whole graph is refused
  = help: {MORE}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A graph in a folder of its own, which is the current directory, so that places are short."""
    monkeypatch.chdir(tmp_path)
    Path("chat").mkdir()
    Path("chat/graph.pbtxt").write_text(TEXT, encoding="utf-8")
    return "chat/graph.pbtxt"


def test_a_finding_and_what_it_means(file: str) -> None:
    found = finding(Span(file, 5, 16, 5, 21), help='did you mean "in"?', label='the graph has "in"')
    failing = graph(file, Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED, seconds=0.0021)
    assert (
        text_of(FindingMade(found), done(failing, findings=(found,)))
        == f"""\
error[GV210]: nobody produces the stream "inn"
 --> chat/graph.pbtxt:5:16
  |
5 |     input_stream: "inn"
  |                   ^^^^^ the graph has "in"
  |
  = when: the server starts or reloads its configuration
  = then: the whole graph is refused
  = help: did you mean "in"?; more: {MORE}

chat   parse ok   load FAILED (GV210)   create -   serve -   2 ms

1 of 1 graph would fail in production {STATIC_ONLY}
"""
    )


def test_a_second_place_is_shown_with_its_own_mark(file: str) -> None:
    related = (
        Related("it is given here", Span(file, 1, 15, 1, 19)),
        Related("and there", Span("gone.pbtxt", 12, 3, 12, 4)),
    )
    assert (
        text_of(FindingMade(finding(Span(file, 5, 16, 5, 21), related=related)))
        == f"""\
error[GV210]: nobody produces the stream "inn"
 --> chat/graph.pbtxt:5:16
  |
5 |     input_stream: "inn"
  |                   ^^^^^
 ::: chat/graph.pbtxt:1:15
  |
1 | input_stream: "in"
  |               ---- it is given here
 ::: gone.pbtxt:12:3
  = also: and there
  |
{AT_LOAD}
"""
    )


def test_the_gutter_is_as_wide_as_the_largest_line_number(file: str) -> None:
    Path(file).write_text("\n" * 98 + "node {\n}\n", encoding="utf-8")
    assert (
        text_of(FindingMade(finding(Span(file, 99, 1, 100, 2))))
        == """\
error[GV210]: nobody produces the stream "inn"
   --> chat/graph.pbtxt:99:1
    |
 99 | / node {
100 | | }
    | |_^
    |
    = when: the server starts or reloads its configuration
    = then: the whole graph is refused
    = help: graphval explain GV210

"""
    )


def test_without_its_file_a_finding_loses_no_word() -> None:
    found = finding(Span("gone/config.json", 3, 7, 3, 9), label="this one", severity=Severity.WARNING)
    assert (
        text_of(FindingMade(found))
        == f"""\
warning[GV210]: nobody produces the stream "inn"
 --> gone/config.json:3:7
  = here: this one
{AT_LOAD}
"""
    )


def test_nothing_from_a_file_reaches_the_terminal_raw(file: str) -> None:
    Path(file).write_bytes(b'x: "\x1b]0;owned\x07 \xff \x9b2J"\n')
    evil = "\x1b[2Jcleared\r\nerror: \x9b1m\u202e"
    found = finding(
        Span(file, 1, 4, 1, 9),
        message=evil,
        help=evil,
        label=evil,
        related=(Related(evil, Span("\x1b[31m", 1, 1, 1, 1)),),
        evidence={"log": evil},
        node=evil,
    )
    shown = graph(f"{evil}/g", Verdict.FAIL, name=evil, not_exercised=(NotExercised(evil, evil),))
    for detail in (-1, 0, 1):
        text = text_of(
            EngineChosen(evil, evil),
            ServerDied(evil, evil),
            FindingMade(found),
            done(shown, findings=(found,)),
            detail=detail,
        )
        assert [c for c in text if not c.isprintable() and c != "\n"] == []
    assert "error[GV210]: ␛[2Jcleared␍␊error: <U+009B>1m<U+202E>\n" in text


@pytest.mark.parametrize(
    ("phase", "effect", "about", "moment", "consequence"),
    [
        (Phase.PARSE, Effect.REJECT, "chat", "the server reads the file", "the whole graph is refused"),
        (Phase.LOAD, Effect.REJECT, None, "the server starts or reloads", "the server refuses what is written here"),
        (Phase.LOAD, Effect.ABORT, "chat", "the server starts or reloads", "the whole server process aborts"),
        (Phase.CREATE, Effect.REJECT, "chat", "the first request creates", "every request to this graph fails"),
        (Phase.CREATE, Effect.ABORT, "chat", "the first request creates", "the whole server process aborts"),
        (Phase.SERVE, Effect.REJECT, "chat", "a request runs through", "the request fails"),
        (Phase.SERVE, Effect.WRONG, "chat", "a request runs through", "nothing is refused, and what is written is not"),
        (Phase.LOAD, Effect.ADVICE, "chat", "the server starts", "it works; this is advice"),
        (Phase.DEPLOY, Effect.ADVICE, None, "the server is run like this", "it works; this is advice"),
        (Phase.DEPLOY, Effect.REJECT, None, "graphval looks at the paths", "nothing behind this path is judged"),
    ],
)
def test_when_and_then(phase: Phase, effect: Effect, about: str | None, moment: str, consequence: str) -> None:
    found = finding(Span("gone", 1, 1, 1, 1), phase=phase, effect=effect, graph=about)
    lines = text_of(FindingMade(found)).splitlines()
    assert [line.startswith("  = when: " + moment) for line in lines].count(True) == 1
    assert [line.startswith("  = then: " + consequence) for line in lines].count(True) == 1


def test_a_finding_is_shown_once_and_findings_of_the_report_are_not_lost(file: str) -> None:
    first, second = finding(Span(file, 5, 16, 5, 21)), finding(Span(file, 6, 2, 6, 15), code="GV211")
    text = text_of(FindingMade(first), FindingMade(first), done(findings=(first, second)))
    assert text.count("error[GV210]") == 1
    assert text.count("error[GV211]") == 1


class TestGraphs:
    """The line of each graph."""

    def test_rungs_stand_in_columns_by_name(self) -> None:
        one = graph("a/graph.pbtxt", Verdict.PASS, name="a", seconds=0.4)
        two = graph("longer/graph.pbtxt", Verdict.PASS, OK, OK, OK, OK, name="longer", probes=6, seconds=0.05)
        three = graph("x/graph.pbtxt", Verdict.INCONCLUSIVE, name="x", probes=1)
        lines = text_of(done(one, two, three, target=REHEARSED)).splitlines()
        assert lines[:3] == [
            "a        parse ok   load ok   create -   serve -   0.4 s",
            "longer   parse ok   load ok   create ok   serve ok   6 probes   50 ms",
            "x        parse ok   load ok   create -   serve -   1 probe   inconclusive   0 ms",
        ]

    def test_graphs_of_one_name_are_told_apart_by_their_folders(self) -> None:
        lines = text_of(done(graph("a/graph.pbtxt", Verdict.PASS), graph("b/graph.pbtxt", Verdict.PASS))).splitlines()
        assert [line.split("   ")[0] for line in lines[:2]] == ["a", "b"]

    def test_what_was_not_exercised_is_named_by_reason(self) -> None:
        untried = (
            NotExercised("detect", "it needs a camera"),
            NotExercised("draw\n", "it needs a camera"),
            NotExercised(None, "the engine was lost"),
        )
        lines = text_of(done(graph("a/graph.pbtxt", Verdict.PASS, not_exercised=untried))).splitlines()
        assert lines[1:3] == [
            '  not exercised: nodes "detect", "draw␊", because it needs a camera',
            "  not exercised: the engine was lost",
        ]

    @pytest.mark.parametrize(
        ("rungs", "found", "said"),
        [
            ((OK, FAILED, SKIPPED, SKIPPED), {}, "load FAILED (GV210)"),
            ((FAILED, SKIPPED, SKIPPED, SKIPPED), {"phase": Phase.PARSE}, "parse FAILED (GV210)"),
            (
                (OK, OK, FAILED, SKIPPED),
                {"phase": Phase.CREATE, "effect": Effect.ABORT},
                "create FAILED (GV210, would end the server)",
            ),
            (
                (OK, OK, FAILED, SKIPPED),
                {"phase": Phase.CREATE, "effect": Effect.ABORT, "evidence": {"exit": "SIGABRT (exit code 134)"}},
                "create FAILED (GV210, server died: SIGABRT, exit code 134)",
            ),
            ((OK, FAILED, SKIPPED, SKIPPED), {"graph": None}, "load FAILED (GV210)"),
            (
                (OK, FAILED, SKIPPED, SKIPPED),
                {"graph": None, "location": Span("b/config.json", 1, 1, 1, 1)},
                "load FAILED",
            ),
            ((OK, FAILED, SKIPPED, SKIPPED), {"graph": "another"}, "load FAILED"),
            ((OK, FAILED, SKIPPED, SKIPPED), {"phase": Phase.SERVE}, "load FAILED"),
        ],
    )
    def test_a_failed_rung_says_why(self, rungs: tuple[StageStatus, ...], found: dict[str, Any], said: str) -> None:
        why = finding(**{"location": Span("a/config.json", 1, 1, 1, 1), **found})
        text = text_of(done(graph("a/g/graph.pbtxt", Verdict.FAIL, *rungs), findings=(why,)))
        line = next(line for line in text.splitlines() if line.startswith("chat"))
        assert said in line.split("   ")

    def test_at_most_two_codes_are_named(self) -> None:
        found = tuple(finding(Span("a/graph.pbtxt", n, 1, n, 2), code=f"GV21{n}") for n in (1, 2, 2, 3))
        text = text_of(done(graph("a/graph.pbtxt", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED), findings=found))
        assert "load FAILED (GV211, GV212)   " in text


class TestDetail:
    """How much is said."""

    EVENTS = (
        RunStarted(("chat",), "2026.4"),
        EngineChosen("rehearsal", "no other was found"),
        EngineStarting("chat", 1),
        StageEnded("chat", Stage(Rung.LOAD, StageStatus.PASS, By.ENGINE, 0.1)),
        ProbeSent("chat", "creation", 1),
        ServerDied("chat", "SIGABRT (exit code 134)"),
        EngineStarting("chat", 2),
        ServerDied(None, "SIGKILL (exit code 137)"),
    )

    def test_the_engine_is_not_spoken_of_unless_asked_for(self) -> None:
        assert text_of(*self.EVENTS) == ""
        assert text_of(*self.EVENTS, detail=-1) == ""

    def test_what_the_engine_did(self) -> None:
        assert text_of(*self.EVENTS, detail=1).splitlines() == [
            "engine rehearsal: no other was found",
            "starting a server for chat",
            "chat: request 1: creation",
            "server died under chat: SIGABRT (exit code 134)",
            "starting a server for chat, attempt 2",
            "server died under no graph in particular: SIGKILL (exit code 137)",
        ]

    def test_quiet_leaves_findings_and_the_last_line(self, file: str) -> None:
        text = text_of(done(graph(file, Verdict.PASS)), detail=-1)
        assert text == f"no mistake found in 1 graph {STATIC_ONLY}\n"
        found = finding(Span("gone", 1, 1, 1, 1))
        quiet = text_of(done(graph(file, Verdict.FAIL), findings=(found,)), detail=-1).splitlines()
        assert (quiet[0][:12], quiet[-1]) == ("error[GV210]", f"1 of 1 graph would fail in production {STATIC_ONLY}")

    def test_evidence_is_one_line_each_unless_all_is_asked_for(self) -> None:
        evidence = {"status": "UNAVAILABLE", "log": ["first " + "x" * 300, "second"], "seen": "by the engine\nand more"}
        found = FindingMade(finding(Span("gone", 1, 1, 1, 1), by=By.ENGINE, evidence=evidence))

        def seen(detail: int) -> list[str]:
            head = "  = seen: "
            return [line.removeprefix(head) for line in text_of(found, detail=detail).splitlines() if head in line]

        assert seen(0) == ["status: UNAVAILABLE", f"log: first {'x' * 194}…", "by the engine"]
        assert seen(1) == [
            "status: UNAVAILABLE",
            f"log: first {'x' * 300}",
            "log: second",
            "by the engine",
            "and more",
        ]


class TestColor:
    """Colour is asked for, and only decoration."""

    def test_none_unless_asked_for(self, file: str) -> None:
        found = finding(Span(file, 5, 16, 5, 21))
        assert "\x1b" not in text_of(FindingMade(found), done(graph(file, Verdict.FAIL), findings=(found,)), detail=1)

    def test_without_the_colour_the_text_is_the_same(self, file: str) -> None:
        found = finding(Span(file, 5, 16, 5, 21), label="here", related=(Related("there", Span(file, 1, 1, 1, 2)),))
        untried = (NotExercised("n", "why"),)
        events = (FindingMade(found), done(graph(file, Verdict.FAIL, not_exercised=untried), findings=(found,)))
        colored = text_of(*events, color=True)
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text_of(*events)
        assert colored.count("\x1b[0m") * 2 == colored.count("\x1b[")

    @pytest.mark.parametrize(
        ("severity", "begin"), [(Severity.ERROR, "1;31"), (Severity.WARNING, "1;33"), (Severity.INFO, "1;36")]
    )
    def test_severity_has_its_colour(self, severity: Severity, begin: str) -> None:
        text = text_of(FindingMade(finding(Span("gone", 1, 1, 1, 1), severity=severity)), color=True)
        assert text.startswith(f"\x1b[{begin}m{severity.value}[GV210]\x1b[0m")

    @pytest.mark.parametrize(
        ("verdict", "begin"), [(Verdict.PASS, "32"), (Verdict.FAIL, "1;31"), (Verdict.INCONCLUSIVE, "1;31")]
    )
    def test_only_a_pass_ends_in_green(self, verdict: Verdict, begin: str) -> None:
        assert text_of(done(graph("g", verdict)), color=True).splitlines()[-1].startswith(f"\x1b[{begin}m")
