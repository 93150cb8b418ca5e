"""What the smaller commands say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import graphval as library
from graphval.cli.program import app
from graphval.rules import listed
from graphval.rules.mechanism import Rule
from graphval.rules.registry import all_rules

from .running import graphval

RULES = all_rules()


def test_version() -> None:
    run = graphval("--version")
    assert (run.returncode, run.stdout.splitlines()[0], run.stderr) == (0, f"graphval {library.__version__}", "")


@pytest.mark.parametrize("words", [("--help",), ("lint", "--help"), ("check", "--help"), ("explain", "--help")])
def test_help(words: tuple[str, ...]) -> None:
    run = CliRunner().invoke(app, words, prog_name="graphval")
    assert run.exit_code == 0
    assert f"Usage: graphval {' '.join(words[:-1])}".strip() in run.output


def test_help_names_every_command_and_the_exit_codes() -> None:
    told = graphval("--help").stdout
    told_of = set(re.findall(r"^  (\w+) {2,}", told, re.MULTILINE))
    assert told_of == {
        "lint",
        "check",
        "draw",
        "explain",
        "rules",
        "doctor",
        "init",
        "completion",
        "request",
        "catalog",
        "clean",
    }
    assert "Exit codes: 0 pass, 1 findings" in told


def test_every_option_says_what_it_is_for() -> None:
    for command in ("lint", "check"):
        told = CliRunner().invoke(app, (command, "--help")).output
        options = re.findall(r"^  (?:-\w, )?(--[\w-]+)(.*)$", told, re.MULTILINE)
        assert {"--format", "--output", "--ovms-version", "--no-models", "--fail-on", "--color"} <= {
            o for o, _ in options
        }
        assert ("--engine" in dict(options)) == (command == "check")


def test_rules_lists_each_rule_once_in_order() -> None:
    run = graphval("rules")
    assert (run.returncode, run.stderr) == (0, "")
    rows = [line.split() for line in run.stdout.splitlines()]
    assert rows == [[r.code, r.severity, r.phase, r.effect, r.name] for r in RULES.values()]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_explain_prints_the_documentation(rule: Rule) -> None:
    summary, _, text = rule.doc.strip().partition("\n\n")
    head = f"{rule.code} {rule.name} ({rule.severity})\n\n{summary}\n\nwhen:     "
    for word in (rule.code, rule.code.lower(), rule.name):
        run = CliRunner().invoke(app, ("explain", word))
        assert run.exit_code == 0
        assert run.output.startswith(head)
        assert run.output.endswith(f"\n\n{text}\n")


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        (
            "GV501",
            (
                "when:     the first request creates the graph (with a pool: already at server start)\n"
                "then:     the whole server process aborts, all its models with it\n"
                "releases: 2024.4 to 2026.4\n"
            ),
        ),
        (
            "GV724",
            (
                "when:     the server starts or reloads its configuration\n"
                "then:     the whole graph is refused\n"
                "releases: 2025.3 to 2026.2.1: a request runs through the graph, and the request fails; "
                "2026.3 to 2026.4: the server starts or reloads its configuration, and the whole graph is refused\n"
            ),
        ),
        (
            "GV811",
            (
                "when:     the first request creates the graph (with a pool: already at server start)\n"
                "then:     the whole server process aborts, all its models with it\n"
            ),
        ),
        ("GV600", "when:     graphval looks at the paths it was given\nthen:     nothing behind this path is judged\n"),
    ],
)
def test_explain_says_when_and_in_which_releases(code: str, facts: str) -> None:
    assert f"\n\n{facts}\n## What it does\n" in CliRunner().invoke(app, ("explain", code)).output


@pytest.fixture
def gv501_is_being_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """GV501 has its file, and does not stand in the table yet."""
    table = tmp_path / "listed.json"
    table.write_text(json.dumps([row for row in json.loads(listed.LISTED.read_text()) if row[0] != "GV501"]))
    monkeypatch.setattr(listed, "LISTED", table)
    caches = (listed.all_listed, listed.all_codes)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("gv501_is_being_written")
@pytest.mark.parametrize(("words", "shown"), [(("explain", "gv501"), "GV501 sync-set-"), (("rules",), "GV101  error ")])
def test_whoever_writes_a_rule_is_told_that_it_is_not_listed(words: tuple[str, ...], shown: str) -> None:
    run = CliRunner().invoke(app, words)
    assert run.stdout.startswith(shown)
    assert run.stderr == "graphval: GV501 is not listed, so it is never asked: python3 workshop.py docs enters it\n"


def test_explain_as_a_process() -> None:
    run = graphval("explain", "gv501")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("GV501 sync-set-unknown-stream (error)\n\nA sync set names")
    assert "## Bad\n\n```pbtxt graph.pbtxt\n" in run.stdout
    assert "## How to fix\n\n" in run.stdout


def test_doctor_says_what_check_would_use() -> None:
    run = graphval("doctor")
    assert (run.returncode, run.stderr) == (0, "")
    rows, _, last = run.stdout.rstrip("\n").rpartition("\n\n")
    assert last.startswith("check would use: ")
    found, _, engines = rows.partition("\n\n")
    named = [row.split()[0] for row in found.splitlines()]
    assert {"mediapipe", "openvino"} <= set(named)
    assert all(len(row.split()) >= 3 for row in found.splitlines())
    told = {row.split()[1]: row.split()[2] for row in engines.splitlines()}
    assert told.keys() >= {"docker", "podman", "binary", "rehearsal"}
    assert told["rehearsal"] == "yes"
    assert told[last.split()[3]] == "yes"


def test_releases_differ(tmp_path: Path) -> None:
    (tmp_path / "graph.pbtxt").write_text(
        "# OVMS_GRAPH_QUEUE_MAX_SIZE: 2\n"
        'input_stream: "in"\noutput_stream: "out"\n'
        'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "lost" }\n',
        encoding="utf-8",
    )
    told = {release: graphval("lint", tmp_path, "--ovms-version", release).stdout for release in ("2025.4.1", "2026.4")}
    assert "load FAILED (GV211, would end the server)" in told["2026.4"]
    assert "create FAILED (GV211)" in told["2025.4.1"]
    assert told["2025.4.1"].rstrip().endswith("OVMS 2025.4.1)")
