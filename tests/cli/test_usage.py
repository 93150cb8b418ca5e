"""A mistake on the command line: one line that says which, exit code 2, and nothing on standard output."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.report.form import Format

from .running import RELAY, ROOT, UNFED, graphval

FORMS = ", ".join(repr(str(form)) for form in Format)
MISTAKES: dict[str, tuple[tuple[str | Path, ...], str]] = {
    "unknown command": (("frobnicate",), "No such command 'frobnicate'; see graphval --help"),
    "unknown option": (
        ("lint", RELAY, "--frobnicate"),
        "No such option: --frobnicate (Possible options: --format); see graphval lint --help",
    ),
    "unknown option of all": (("--frobnicate",), "No such option: --frobnicate; see graphval --help"),
    "lint without a path": (
        ("lint",),
        "lint needs a path, like graphval lint . for this folder; graphval alone says what can be checked",
    ),
    "check without a path": (
        ("check",),
        "check needs a path, like graphval check . for this folder; graphval alone says what can be checked",
    ),
    "explain without a code": (
        ("explain",),
        "explain needs the code or name of a rule, like graphval explain GV501; graphval rules lists them",
    ),
    "a path that is not there": (("lint", "nowhere"), "nowhere does not exist"),
    "an option without its value": (
        ("lint", RELAY, "--format"),
        "Option '--format' requires an argument; see graphval lint --help",
    ),
    "unknown format": (
        ("lint", RELAY, "--format", "xml"),
        f"Invalid value for '--format': 'xml' is not one of {FORMS}; see graphval lint --help",
    ),
    "unknown severity": (
        ("lint", RELAY, "--fail-on", "never"),
        "Invalid value for '--fail-on': 'never' is not one of 'error', 'warning', 'info'; see graphval lint --help",
    ),
    "unknown colour": (
        ("lint", RELAY, "--color", "sometimes"),
        "Invalid value for '--color': 'sometimes' is not one of 'auto', 'always', 'never'; see graphval lint --help",
    ),
    "quiet and verbose": (
        ("lint", RELAY, "-q", "-v"),
        "Invalid value: --quiet and --verbose exclude each other; see graphval lint --help",
    ),
    "unknown engine": (
        ("check", RELAY, "--engine", "qemu"),
        'engine "qemu" is unknown; available: auto, none, docker, podman, nerdctl, binary, remote, rehearsal',
    ),
    "an engine for lint": (
        ("lint", RELAY, "--engine", "none"),
        "No such option: --engine (Possible options: --baseline, --changed-since, --ignore); see graphval lint --help",
    ),
    "no time for a request": (
        ("check", RELAY, "--deadline", "0"),
        (
            "Invalid value: --deadline 0: a deadline is a number of seconds from 0.1 to 86400, not 0; "
            "see graphval check --help"
        ),
    ),
    "a time that is no number": (
        ("check", RELAY, "--deadline", "soon"),
        "Invalid value: --deadline takes [PHASE=]SECONDS, not soon; see graphval check --help",
    ),
    "a phase that nobody knows": (
        ("check", RELAY, "--deadline", "boot=5"),
        "Invalid value: --deadline knows pull, create, listen, load, probe, stop, not boot; see graphval check --help",
    ),
    "a sample of no graph": (
        ("check", RELAY, "--sample", "mine.json"),
        "Invalid value: --sample takes GRAPH=FILE, not mine.json; see graphval check --help",
    ),
    "a sample that is not there": (
        ("check", RELAY, "--sample", "relay=nowhere.json"),
        "Invalid value: --sample relay=nowhere.json: there is no file nowhere.json; see graphval check --help",
    ),
    "nearly a calculator": (
        ("catalog", "show", "PacketThinner", "--ovms-version", "2026.3"),
        "OVMS 2026.3 has no PacketThinner; did you mean PacketThinnerCalculator?",
    ),
    "no calculator": (
        ("catalog", "show", "Frobnicator", "--ovms-version", "2026.3"),
        "OVMS 2026.3 has no Frobnicator; graphval catalog show lists what it has",
    ),
    "unknown rule": (("explain", "GV999"), "there is no rule GV999; see graphval rules"),
    "nearly a rule": (("explain", "sync-set-empt"), "there is no rule sync-set-empt; did you mean sync-set-empty?"),
    "output into a folder that is not there": (
        ("lint", RELAY, "--output", "nowhere/report.json"),
        "cannot write nowhere/report.json: there is no folder nowhere",
    ),
    "a report besides in a folder that is not there": (
        ("lint", RELAY, "--report", "json=nowhere/report.json"),
        "cannot write nowhere/report.json: there is no folder nowhere",
    ),
    "a request into a folder that is not there": (
        ("request", RELAY, "--probe", "1", "--output", "nowhere/request.json"),
        "cannot write nowhere/request.json: there is no folder nowhere",
    ),
    "a picture into a folder that is not there": (
        ("draw", RELAY, "--output", "nowhere/relay.svg"),
        "cannot write nowhere/relay.svg: there is no folder nowhere",
    ),
    "a picture of nothing": (
        ("draw", ROOT / "graphs" / "broken" / "graph_path_missing"),
        "these paths hold no graph that can be read; see graphval lint",
    ),
    "output below a file": (
        ("lint", RELAY, "--output", "README.md/report"),
        "cannot write README.md/report: Not a directory",
    ),
    "output under a name that no file can have": (
        ("lint", RELAY, "--output", "x" * 300),
        f"cannot write {'x' * 300}: File name too long",
    ),
    "a picture under a name that no file can have": (
        ("draw", RELAY, "--output", "x" * 300),
        f"cannot write {'x' * 300}: File name too long",
    ),
    "output onto a folder": (("lint", RELAY, "--output", "graphs"), "cannot write graphs: Is a directory"),
    "a word with a line end": (("explain", "GV\n\x1b[2J1"), "there is no rule GV␊␛[2J1; see graphval rules"),
}


@pytest.mark.parametrize(("words", "message"), MISTAKES.values(), ids=MISTAKES)
def test_it_is_said_in_one_line(words: tuple[str | Path, ...], message: str) -> None:
    run = graphval(*words)
    assert (run.returncode, run.stdout, run.stderr) == (2, "", f"graphval: {message}\n")


def test_an_unknown_release_is_refused_with_the_known_ones() -> None:
    run = graphval("lint", RELAY, "--ovms-version", "2019.1")
    assert (run.returncode, run.stdout) == (2, "")
    message, _, known = run.stderr.partition("; known releases: ")
    assert message == "graphval: no catalog for OVMS 2019.1"
    releases = known.rstrip("\n").split(", ")
    assert "2026.3" in releases
    assert releases == sorted(releases)


def test_without_a_word_it_says_what_it_would_do() -> None:
    run = graphval()
    assert (run.returncode, run.stderr) == (2, "")
    assert "can be checked here" in run.stdout
    assert "graphval --help" in run.stdout


def test_an_old_report_survives_a_mistake(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("old", encoding="utf-8")
    for words in (("nowhere",), (str(UNFED), "--ovms-version", "1"), (str(UNFED), "--format", "xml")):
        assert graphval("lint", *words, "--output", report).returncode == 2
    assert report.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [report]
