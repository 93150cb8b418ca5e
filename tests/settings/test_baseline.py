"""A baseline: what it knows stays known where lines move, and is new where it is not the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphval
from graphval.findings import Effect, Finding, Phase, Severity, Span, Verdict
from graphval.run.baseline import SCHEMA, fingerprint, read_baseline, write_baseline
from graphval.settings import SettingsError

from .running import graphval as run

GRAPH = """\
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "gone" output_stream: "out" }
node { calculator: "PassThroughCalculator" input_stream: "gone" output_stream: "x" }
"""
FOUND = ["GV216", "GV210", "GV210"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    graph = tmp_path / "chat" / "graph.pbtxt"
    graph.parent.mkdir()
    graph.write_text(GRAPH, encoding="utf-8")
    return tmp_path


def codes(project: Path) -> list[str]:
    return [f.code for f in graphval.lint([project / "chat"], baseline=project / "known.json").findings]


def change(project: Path, text: str) -> None:
    (project / "chat" / "graph.pbtxt").write_text(text, encoding="utf-8")


@pytest.fixture
def known(project: Path) -> Path:
    report = graphval.lint([project / "chat"])
    assert [f.code for f in report.findings] == FOUND
    assert write_baseline(project / "known.json", report.findings) == 3
    return project


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (GRAPH, []),
        ("# a comment\n\n" + GRAPH, []),
        (GRAPH.replace("} ", "}\n\n"), []),
        (GRAPH.replace("\n", "\r\n"), []),
        (GRAPH.replace("node { calculator", "node {\n  calculator"), []),
        (GRAPH.replace("input_stream: ", "input_stream:   "), []),
        ("\n".join(GRAPH.split("\n")[:3]), []),
        (GRAPH.replace('"gone" output_stream: "x"', '"lost" output_stream: "x"'), ["GV210"]),
        (GRAPH + GRAPH.split("\n")[3].replace('"x"', '"y"'), ["GV210"]),
        (GRAPH.replace('"in"', '"camera"'), ["GV216"]),
        (GRAPH + "num_threads: -7\n", ["GV535"]),
        (GRAPH + 'node { calculator: "Unknown" input_stream: "in" }', ["GV301"]),
    ],
)
def test_what_is_new(known: Path, text: str, new: list[str]) -> None:
    change(known, text)
    assert codes(known) == new


def test_known_findings_fail_no_run_and_pass_no_graph(known: Path) -> None:
    report = graphval.lint([known / "chat"], baseline=known / "known.json")
    assert (report.verdict, report.findings, report.known) == (Verdict.PASS, (), 3)
    [graph] = report.graphs
    assert (graph.verdict, graph.reached.value) == (Verdict.FAIL, "parse")
    change(known, GRAPH + "num_threads: -7\n")
    report = graphval.lint([known / "chat"], baseline=known / "known.json")
    assert (report.verdict, report.known) == (Verdict.FAIL, 3)


def test_known_warnings_do_not_excuse_new_errors(known: Path) -> None:
    write_baseline(known / "known.json", graphval.lint([known / "chat"], select=["GV216"]).findings)
    report = graphval.lint([known / "chat"], baseline=known / "known.json")
    assert (report.verdict, report.known, len(report.findings)) == (Verdict.FAIL, 1, 2)


def test_another_graph_does_not_know_them(known: Path) -> None:
    other = known / "other" / "graph.pbtxt"
    other.parent.mkdir()
    other.write_text(GRAPH, encoding="utf-8")
    report = graphval.lint([known / "chat", known / "other"], baseline=known / "known.json")
    assert [(f.code, f.graph) for f in report.findings] == [(code, "other") for code in FOUND]
    assert report.verdict is Verdict.FAIL


def test_on_the_command_line(project: Path) -> None:
    file = project / "known.json"
    written = run("lint", project / "chat", "--write-baseline", file)
    assert (written.returncode, written.stdout, written.stderr) == (0, "", f"graphval: {file} knows 3 findings\n")
    judged = run("lint", project / "chat", "--baseline", file)
    assert judged.returncode == 0
    assert judged.stdout.splitlines()[-1] == (
        "nothing new in 1 graph, 1 of 1 graph would fail in production, as the baseline says, "
        "3 known findings left out (static checks only, nothing was run; OVMS 2026.4)"
    )
    told = json.loads(run("lint", project / "chat", "--baseline", file, "--format", "json").stdout)
    assert (told["verdict"], told["findings"], told["baseline"]) == ("pass", [], {"known": 3})
    (project / "graphval.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert run("lint", project / "chat").returncode == 0
    assert run("lint", project / "chat", "--no-settings").returncode == 1
    change(project, GRAPH + "num_threads: -7\n")
    assert run("lint", project / "chat").returncode == 1


def test_writing_it_anew_leaves_no_known_finding_out(known: Path) -> None:
    (known / "graphval.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    before = (known / "known.json").read_bytes()
    assert run("lint", known / "chat", "--write-baseline", known / "known.json").returncode == 0
    assert (known / "known.json").read_bytes() == before


def test_where_it_cannot_be_written(project: Path) -> None:
    written = run("lint", project / "chat", "--write-baseline", project / "nowhere" / "known.json")
    assert (written.returncode, written.stdout) == (2, "")
    assert "cannot write" in written.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"known\.json:1:1: this is no JSON: expecting value"),
        ("{\n  x", r"known\.json:2:3: this is no JSON: expecting property name"),
        ("[]", r'known\.json is no baseline: its "schema" is not "graphval\.baseline/1"'),
        ('{"schema": "graphval.report/1"}', "is no baseline"),
        (f'{{"schema": "{SCHEMA}"}}', "entry 0 of its findings cannot be read"),
        (f'{{"schema": "{SCHEMA}", "findings": [{{"code": 1}}]}}', "entry 0 of its findings cannot be read"),
        ("[" * 200_000, "cannot be read as JSON"),
    ],
)
def test_what_is_no_baseline(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "known.json").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        read_baseline(tmp_path / "known.json")


def test_it_is_made_for_people_to_review(known: Path) -> None:
    told = json.loads((known / "known.json").read_text(encoding="ascii"))
    assert told == {
        "schema": SCHEMA,
        "findings": [
            {"code": "GV210", "graph": "chat", "text": '"gone"', "count": 2},
            {"code": "GV216", "graph": "chat", "text": '"in"', "count": 1},
        ],
    }


def _finding(file: Path, span: tuple[int, int, int, int], graph: str | None = "g") -> Finding:
    place = Span(str(file), *span)
    return Finding("GV999", "n", Severity.ERROR, Phase.LOAD, Effect.REJECT, graph, "m", place)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        ((1, 1, 1, 6), "first"),
        ((1, 3, 1, 3), "first line"),
        ((2, 3, 2, 4), "second line"),
        ((1, 7, 2, 9), "line second"),
        ((9, 1, 9, 5), ""),
        ((1, 1, 99, 1), "first line second line"),
    ],
)
def test_the_text_of_a_finding(tmp_path: Path, span: tuple[int, int, int, int], text: str) -> None:
    file = tmp_path / "graph.pbtxt"
    file.write_text("first line\n  second  \tline\n", encoding="utf-8")
    assert fingerprint(_finding(file, span)).text == text
    assert fingerprint(_finding(tmp_path / "gone", span)).text == ""


def test_long_texts_are_told_apart(tmp_path: Path) -> None:
    marks = set()
    for last in "ab":
        file = tmp_path / f"{last}.pbtxt"
        file.write_text("x" * 1000 + last, encoding="utf-8")
        marks.add(fingerprint(_finding(file, (1, 1, 1, 1002))).text)
    assert len(marks) == 2
    assert all(len(mark) < 250 for mark in marks)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.tuples(*[st.integers(1, 9)] * 4))
def test_whatever_a_file_holds_what_is_written_is_known(
    tmp_path_factory: pytest.TempPathFactory, text: str, span: tuple[int, int, int, int]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "graph.pbtxt").write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    found = _finding(folder / "graph.pbtxt", span, None)
    assert write_baseline(folder / "known.json", [found, found]) == 2
    baseline = read_baseline(folder / "known.json")
    assert [baseline.knows(found) for _ in range(3)] == [True, True, False]
    assert baseline.met == 2
