"""What a run says to a shell: 0 pass, 1 findings, 2 usage, 3 inconclusive."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from graphval.cli.output import exit_code
from graphval.findings import Effect, Finding, Phase, Report, Severity, Span, Target, Verdict

from .running import COMMAND, GRAPHS, PLAIN, RELAY, ROOT, UNFED, graphval, python

UNREAD_INPUT = """\
input_stream: "in"
input_stream: "unread"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
"""


def report(verdict: Verdict, *severities: Severity) -> Report:
    found = tuple(
        Finding("GV999", "n", severity, Phase.LOAD, Effect.REJECT, None, "m", Span("f", 1, 1, 1, 1))
        for severity in severities
    )
    return Report(verdict, "0", Target("2026.4"), (), found)


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@pytest.mark.parametrize(
    ("of", "by_threshold"),
    [
        (report(Verdict.PASS), (0, 0, 0)),
        (report(Verdict.PASS, INFO), (0, 0, 1)),
        (report(Verdict.PASS, WARNING), (0, 1, 1)),
        (report(Verdict.FAIL, ERROR, INFO), (1, 1, 1)),
        (report(Verdict.FAIL), (1, 1, 1)),
        (report(Verdict.INCONCLUSIVE), (3, 3, 3)),
        (report(Verdict.INCONCLUSIVE, WARNING), (3, 1, 1)),
        (report(Verdict.INCONCLUSIVE, INFO), (3, 3, 1)),
    ],
)
def test_of_a_report(of: Report, by_threshold: tuple[int, int, int]) -> None:
    assert tuple(exit_code(of, threshold) for threshold in (ERROR, WARNING, INFO)) == by_threshold


@pytest.mark.parametrize(
    "options", [(), ("-q",), ("-v",), ("--format", "json"), ("--no-models",), ("--color", "always")]
)
@pytest.mark.parametrize(("path", "code"), [(RELAY, 0), (UNFED, 1)], ids=["good", "broken"])
def test_the_form_of_the_report_does_not_change_it(options: tuple[str, ...], path: Path, code: int) -> None:
    run = graphval("lint", path, *options)
    assert (run.returncode, run.stderr) == (code, "")
    assert run.stdout


@pytest.mark.parametrize(("threshold", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_warnings_fail_only_where_that_is_asked(tmp_path: Path, threshold: str, code: int) -> None:
    (tmp_path / "graph.pbtxt").write_text(UNREAD_INPUT, encoding="utf-8")
    run = graphval("lint", tmp_path, "--fail-on", threshold)
    assert run.returncode == code
    assert run.stdout.splitlines()[0].startswith("warning[GV216]")
    found = "no error" if code else "no mistake"
    assert run.stdout.splitlines()[-1].startswith(f"{found} found in 1 graph, 1 warning")


def test_an_engine_that_is_not_to_be_had_is_inconclusive() -> None:
    run = graphval("check", RELAY, "--engine", "binary", "--binary", "/nowhere/ovms")
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr == "graphval: /nowhere/ovms is no executable; name one with --binary\n"


WITHOUT = """
import sys
sys.modules["mediapipe"] = None
from graphval.cli import main
main()
"""


def test_without_the_wheels_check_says_what_to_install() -> None:
    run = python(WITHOUT, "check", RELAY)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.startswith("graphval: the rehearsal needs mediapipe; ")
    assert "graphval[rehearsal]" in run.stderr
    assert run.stderr.count("\n") == 1


def test_without_the_wheels_files_are_still_judged() -> None:
    run = python(WITHOUT, "check", UNFED, "--engine", "none")
    assert run.returncode == 1
    assert run.stdout.splitlines()[-1].endswith("(static checks only, nothing was run; OVMS 2026.4)")


def test_without_the_wheels_doctor_says_that_nothing_is_to_be_had() -> None:
    run = python(WITHOUT, "doctor")
    assert run.returncode == 3
    assert "check would use: nothing (the rehearsal needs mediapipe; " in run.stdout


def test_a_bug_of_ours_is_no_verdict(tmp_path: Path) -> None:
    old = tmp_path / "report.txt"
    old.write_text("old", encoding="utf-8")
    run = python(
        """
import graphval.rules.run, sys
def broken(*_, **__): raise ZeroDivisionError("boom")
graphval.rules.run.judge = broken
from graphval.cli import main
main()
""",
        "lint",
        RELAY,
        "--output",
        old,
    )
    assert run.returncode == 3
    assert "ZeroDivisionError: boom" in run.stderr
    assert run.stderr.splitlines()[-1] == "graphval: this is a bug of graphval; no verdict was reached"
    assert (old.read_text(encoding="utf-8"), list(tmp_path.iterdir())) == ("old", [old])


@pytest.mark.parametrize("words", [("lint", RELAY), ("lint", GRAPHS, "--format", "json"), ("rules",)])
def test_a_full_disk_is_no_bug_and_no_verdict(words: tuple[str | Path, ...]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        run = subprocess.run(
            [*COMMAND, *map(str, words)],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=PLAIN,
        )
    assert run.returncode == 3
    assert run.stderr == "graphval: cannot write: No space left on device; no verdict was reached\n"


def test_good_and_broken_together_fail_and_both_are_told() -> None:
    run = graphval("lint", UNFED, GRAPHS / "good")
    assert run.returncode == 1
    count = 1 + len(list((GRAPHS / "good").rglob("*.pbtxt")))
    assert run.stdout.splitlines()[-1].startswith(f"1 of {count} graphs would fail in production (")
