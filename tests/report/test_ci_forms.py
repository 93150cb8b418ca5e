"""The forms that CI servers read: JUnit XML, GitHub annotations, GitLab code quality, Markdown."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.findings import Effect, NotExercised, Phase, Related, Report, Severity, Span, Verdict
from graphval.report import markdown
from graphval.report.github import render_github
from graphval.report.gitlab import render_gitlab
from graphval.report.junit import render_junit
from graphval.report.markdown import render_markdown

from .making import FAILED, OK, SKIPPED, done, finding, graph

PLACE = Span("deploy/chat/graph.pbtxt", 3, 5, 3, 9)
HOSTILE = "<script>alert('x')</script>|`**[x](http://evil)** @everyone #1\x1b[31m\u202e%0A::error::, \udcff ]]>"


def broken(**other: Any) -> Report:
    return done(
        graph("deploy/chat/graph.pbtxt", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED),
        findings=(finding(PLACE, **other),),
    ).report


class TestJUnit:
    """What a CI server counts."""

    @staticmethod
    def of(report: Report) -> ET.Element:
        return ET.fromstring(render_junit(report))

    def test_a_rung_is_a_case(self) -> None:
        suite = self.of(broken()).find("testsuite")
        assert suite is not None
        assert [case.get("name") for case in suite.iter("testcase")] == ["parse", "load", "create", "serve"]
        assert [[child.tag for child in case] for case in suite.iter("testcase")] == [
            [],
            ["failure"],
            ["skipped"],
            ["skipped"],
        ]
        failure = suite.find("testcase/failure")
        assert failure is not None
        assert failure.get("type") == "GV210"
        assert "deploy/chat/graph.pbtxt:3:5: error[GV210]" in (failure.text or "")

    @pytest.mark.parametrize("element", ["testsuites", "testsuite"])
    def test_counts_are_those_of_the_cases(self, element: str) -> None:
        root = self.of(
            done(
                graph("a/graph.pbtxt", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED, name="a"),
                graph("b/graph.pbtxt", Verdict.INCONCLUSIVE, OK, SKIPPED, SKIPPED, SKIPPED, name="b"),
                findings=(
                    finding(PLACE, graph="a"),
                    finding(PLACE, graph=None),
                    finding(PLACE, graph="b", phase=Phase.DEPLOY),
                ),
            ).report
        )
        for counted in root.iter(element):
            cases = list(counted.iter("testcase"))
            assert counted.get("tests") == str(len(cases))
            for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert counted.get(attribute) == str(sum(case.find(tag) is not None for case in cases))
        assert root.get("failures") == "3"

    def test_inconclusive_is_an_error_with_its_reason(self) -> None:
        left_out = (NotExercised(None, "the engine was lost"),)
        root = self.of(done(graph("g", Verdict.INCONCLUSIVE, not_exercised=left_out)).report)
        error = root.find(".//error")
        assert error is not None
        assert error.get("message") == "the engine was lost"

    def test_a_failed_rung_without_a_finding_fails(self) -> None:
        assert self.of(done(graph("g", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED)).report).get("failures") == "1"

    def test_a_warning_fails_nothing(self) -> None:
        root = self.of(done(graph("g", Verdict.PASS), findings=(finding(PLACE, severity=Severity.WARNING),)).report)
        assert root.get("failures") == "0"
        assert "warning[GV210]" in "".join(root.itertext())

    def test_graphs_of_one_name_are_told_apart(self) -> None:
        graphs = [graph(f"{folder}/graph.pbtxt", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED) for folder in "ab"]
        root = self.of(done(*graphs, findings=(finding(Span("b/graph.pbtxt", 1, 1, 1, 1)),)).report)
        told = {suite.get("name"): "GV210" in "".join(suite.itertext()) for suite in root}
        assert told == {"chat (a)": False, "chat (b)": True}

    @given(st.text())
    def test_any_text_is_xml(self, text: str) -> None:
        report = done(
            graph(text or "g", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED, name=text),
            findings=(finding(Span("g", 1, 1, 1, 1), message=text, help=text, graph=text),),
        ).report
        self.of(report)


class TestGitHub:
    """Workflow commands, at most as many as are shown."""

    def test_a_finding(self) -> None:
        first, last = render_github(broken(help="say it")).splitlines()
        assert first == (
            "::error file=deploy/chat/graph.pbtxt,line=3,endLine=3,title=GV210 stream-without-producer,"
            'col=5,endColumn=9::nobody produces the stream "inn"%0Awhen: the server starts or reloads its configuration'
            "%0Athen: the whole graph is refused%0Ahelp: say it"
        )
        assert last.startswith("::notice title=graphval::1 of 1 graph would fail")

    def test_columns_of_several_lines_are_left_out(self) -> None:
        report = done(findings=(finding(Span("g", 1, 5, 2, 3)),)).report
        assert "col=" not in render_github(report).splitlines()[0]

    def test_github_shows_ten_of_a_kind(self) -> None:
        said = tuple(
            finding(Span("g", line, 1, line, 2), severity=severity, message=severity.value)
            for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)
            for line in range(1, 13)
        )
        lines = render_github(done(findings=said).report).splitlines()
        assert Counter(line.split()[0] for line in lines) == {"::error": 10, "::warning": 10, "::notice": 10}
        assert lines[0].startswith("::error")
        assert "2 more errors, 2 more warnings, 3 more notices beyond" in lines[-1]

    def test_nothing_in_a_name_is_a_command(self) -> None:
        report = broken(message=HOSTILE + "\n::error::x", name=HOSTILE, help=HOSTILE)
        lines = render_github(report).splitlines()
        assert len(lines) == 2
        assert [line.count("::error file") for line in lines] == [1, 0]
        head = lines[0].removeprefix("::error ").partition("::")[0]
        assert [part.partition("=")[0] for part in head.split(",")] == [
            "file",
            "line",
            "endLine",
            "title",
            "col",
            "endColumn",
        ]


class TestGitLab:
    """The code quality artefact."""

    def test_a_finding(self) -> None:
        (entry,) = json.loads(render_gitlab(broken()))
        assert entry["location"] == {"path": "deploy/chat/graph.pbtxt", "lines": {"begin": 3, "end": 3}}
        assert entry["check_name"] == "stream-without-producer"
        assert entry["description"].startswith("GV210: nobody produces")

    @pytest.mark.parametrize(
        ("severity", "effect", "weight"),
        [
            (Severity.ERROR, Effect.ABORT, "blocker"),
            (Severity.ERROR, Effect.REJECT, "critical"),
            (Severity.ERROR, Effect.WRONG, "major"),
            (Severity.WARNING, Effect.ABORT, "minor"),
            (Severity.INFO, Effect.ADVICE, "info"),
        ],
    )
    def test_severities(self, severity: Severity, effect: Effect, weight: str) -> None:
        (entry,) = json.loads(render_gitlab(broken(severity=severity, effect=effect)))
        assert entry["severity"] == weight

    def test_paths_lie_below_the_repository(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        report = done(findings=(finding(Span(str(tmp_path / "a" / "g.pbtxt"), 1, 1, 1, 1)),)).report
        assert json.loads(render_gitlab(report))[0]["location"]["path"] == "a/g.pbtxt"

    def test_fingerprints_differ(self) -> None:
        entries = json.loads(render_gitlab(done(findings=(finding(PLACE), finding(PLACE, message="other"))).report))
        assert len({entry["fingerprint"] for entry in entries}) == 2

    def test_no_finding_is_an_empty_list(self) -> None:
        assert json.loads(render_gitlab(done().report)) == []


class TestMarkdown:
    """A comment on a pull request."""

    def test_a_row_for_each_graph_and_a_fold_for_each_finding(self, tmp_path: Path) -> None:
        file = tmp_path / "graph.pbtxt"
        file.write_text('input_stream: "in"\nnode { input_stream: "inn" }\n', encoding="utf-8")
        said = finding(
            Span(str(file), 2, 22, 2, 27), help="write in", related=(Related("input", Span(str(file), 1, 1, 1, 2)),)
        )
        text = render_markdown(done(graph(file, Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED), findings=(said,)).report)
        assert "| chat | ❌ fail | ✅ | ❌ | – | – |  |" in text
        assert '    2 | node { input_stream: "inn" }' in text
        assert "- **help** write in" in text
        assert "- **also** input" in text

    def test_errors_come_first(self) -> None:
        said = (finding(PLACE, severity=Severity.INFO, code="GV101"), finding(PLACE, code="GV202"))
        text = render_markdown(done(findings=said).report)
        assert text.index("GV202") < text.index("GV101")

    @pytest.mark.parametrize("part", ["message", "help", "graph", "code"])
    def test_nothing_in_a_name_is_markup(self, part: str) -> None:
        text = render_markdown(
            done(graph(HOSTILE, Verdict.FAIL, name=HOSTILE), findings=(finding(PLACE, **{part: HOSTILE}),)).report
        )
        assert "<script" not in text
        assert not re.search(r"(?<!&)#1", text)
        for special in ("@everyone", "](http", "http://", "**[", "\x1b", "\u202e"):
            assert special not in text

    def test_rows_stay_rows(self) -> None:
        text = render_markdown(done(graph("g", Verdict.PASS, name="a|b\nc")).report)
        (row,) = (line for line in text.splitlines() if line.startswith("| a"))
        assert row.count("|") == 8

    def test_a_fence_holds_what_it_quotes(self, tmp_path: Path) -> None:
        file = tmp_path / "graph.pbtxt"
        file.write_text("```` <b>x</b>\n", encoding="utf-8")
        text = render_markdown(done(findings=(finding(Span(str(file), 1, 1, 1, 3)),)).report)
        assert "`````text\n" in text

    def test_a_long_report_fits_and_says_what_it_left_out(self) -> None:
        said = tuple(finding(PLACE, message=f"{number} {'x' * 500}") for number in range(300))
        text = render_markdown(done(findings=said).report)
        assert len(text) <= markdown.MAX_LENGTH
        shown = text.count("<details>")
        assert f"… and {300 - shown} more findings than fit here" in text
        assert text.count("<details>") == text.count("</details>")

    def test_many_graphs_fit_too(self) -> None:
        text = render_markdown(done(*(graph(f"{n}.pbtxt", Verdict.PASS, name=f"{n}" * 20) for n in range(2000))).report)
        assert len(text) <= markdown.MAX_LENGTH
        assert "more graphs than fit here" in text
