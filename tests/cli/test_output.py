"""Where the report goes, how much of it, and in which colours."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from .running import COMMAND, GRAPHS, PLAIN, RELAY, ROOT, UNFED, graphval, on_a_terminal

FAILED = "1 of 1 graph would fail in production (static checks only, nothing was run; OVMS 2026.4)"


class TestFile:
    """``--output``."""

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_it_holds_what_standard_output_would(self, tmp_path: Path, form: str) -> None:
        told = graphval("lint", UNFED, "--format", form)
        run = graphval("lint", UNFED, "--format", form, "--output", tmp_path / "report")
        assert (run.returncode, run.stdout, run.stderr) == (told.returncode, "", "")
        assert _timeless((tmp_path / "report").read_text(encoding="utf-8")) == _timeless(told.stdout)
        assert [file.name for file in tmp_path.iterdir()] == ["report"]

    def test_a_dash_is_standard_output(self) -> None:
        told, run = graphval("lint", UNFED), graphval("lint", UNFED, "--output", "-")
        assert (run.returncode, run.stderr, _timeless(run.stdout)) == (1, "", _timeless(told.stdout))
        assert graphval("draw", RELAY, "--output", "-").stdout.startswith("<svg ")

    def test_whoever_reads_the_old_report_reads_all_of_it(self, tmp_path: Path) -> None:
        report = tmp_path / "report.json"
        report.write_text("old", encoding="utf-8")
        with report.open(encoding="utf-8") as reader:
            assert graphval("lint", UNFED, "--format", "json", "--output", report).returncode == 1
            assert reader.read() == "old"
        assert json.loads(report.read_text(encoding="utf-8"))["verdict"] == "fail"

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        target, link = tmp_path / "target", tmp_path / "link"
        link.symlink_to(target)
        assert graphval("lint", RELAY, "--output", link).returncode == 0
        assert link.is_symlink()
        assert "no mistake found" in target.read_text(encoding="utf-8")

    def test_a_device_is_written_to_and_stays(self) -> None:
        assert graphval("lint", RELAY, "--output", "/dev/null").returncode == 0
        assert Path("/dev/null").is_char_device()
        run = graphval("lint", UNFED, "--output", "/dev/stderr")
        assert run.returncode == 1
        assert run.stderr.splitlines()[-1] == FAILED

    def test_a_pipe_is_written_to(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        process = subprocess.Popen([*COMMAND, "lint", str(RELAY), "--output", str(pipe)], cwd=ROOT)
        assert "no mistake found" in pipe.read_text(encoding="utf-8")
        assert process.wait(timeout=60) == 0
        assert pipe.is_fifo()

    def test_it_has_no_colour_unless_asked_for(self, tmp_path: Path) -> None:
        report = tmp_path / "report"
        assert on_a_terminal("lint", UNFED, "--output", report)[0] == 1
        assert "\x1b" not in report.read_text(encoding="utf-8")
        assert graphval("lint", UNFED, "--output", report, "--color", "always").returncode == 1
        assert "\x1b[1;31merror[GV210]\x1b[0m" in report.read_text(encoding="utf-8")


class TestAmount:
    """``--quiet`` and ``--verbose``."""

    def test_quiet_is_findings_and_the_last_line(self) -> None:
        assert graphval("lint", RELAY, "--quiet").stdout.count("\n") == 1
        lines = graphval("lint", UNFED, "-q").stdout.splitlines()
        assert (lines[0][:12], lines[-2:]) == ("error[GV210]", ["", FAILED])
        assert not any(line.startswith("stream_without_producer ") for line in lines)

    def test_otherwise_each_graph_has_a_line(self) -> None:
        lines = graphval("lint", UNFED, RELAY).stdout.splitlines()
        assert [re.sub(r"\d+ ms|\d+\.\d s", "T", re.sub(" {2,}", "  ", line)) for line in lines[-4:-2]] == [
            "stream_without_producer  parse ok  load FAILED (GV210)  create -  serve -  T",
            "relay  parse ok  load ok  create -  serve -  T",
        ]

    def test_json_is_the_same_whatever_the_amount(self) -> None:
        told = [_timeless(graphval("lint", UNFED, "--format", "json", *more).stdout) for more in ((), ("-q",), ("-v",))]
        assert told[0] == told[1] == told[2]
        assert json.loads(told[0])["findings"][0]["code"] == "GV210"

    def test_verbose_tells_what_the_engine_did(self) -> None:
        lines = graphval("check", RELAY, "--verbose").stdout.splitlines()
        assert lines[0].startswith("engine rehearsal: ")
        assert lines[1].startswith("starting a server for ")
        phases = [line for line in lines if " took " in line]
        assert [line.partition(": ")[2].split()[0] for line in phases] == ["listen", "load", "stop"]
        assert lines[2:4] == phases[:2]
        assert lines[4].startswith("relay: request 1: ")
        assert lines[-1].startswith("no mistake found in 1 graph, all of them answered (rehearsed, not served by OVMS")


class TestEngine:
    """Nobody need ask why it was this engine."""

    def test_one_that_was_found_is_told_with_its_reason_beside_the_report(self) -> None:
        run = graphval("check", RELAY, "--image", "graphval-test:never-built", "--pull", "never", "--engine", "auto")
        assert run.returncode == 3  # an image that was named must be had
        run = graphval("check", RELAY, "--engine", "auto", "--format", "json")
        assert run.stderr.startswith("graphval: engine ")
        assert json.loads(run.stdout)["target"]["reason"] in run.stderr

    def test_one_that_was_named_is_not_explained(self) -> None:
        assert graphval("check", RELAY, "--engine", "rehearsal").stderr == ""
        assert graphval("check", RELAY, "--quiet").stderr == ""


class TestColor:
    """``--color`` and what a terminal and its user ask for."""

    @pytest.mark.parametrize(
        ("options", "environment", "colored"),
        [
            ((), {}, True),
            ((), {"NO_COLOR": "1"}, False),
            ((), {"NO_COLOR": ""}, True),
            ((), {"TERM": "dumb"}, False),
            (("--color", "never"), {}, False),
            (("--color", "always"), {"NO_COLOR": "1", "TERM": "dumb"}, True),
            (("--format", "json"), {}, False),
            (("--format", "json", "--color", "always"), {}, False),
        ],
    )
    def test_on_a_terminal(self, options: tuple[str, ...], environment: dict[str, str], colored: bool) -> None:
        code, told, _ = on_a_terminal("lint", UNFED, *options, environment=environment)
        assert code == 1
        assert ("\x1b[" in told) == colored

    @pytest.mark.parametrize(
        ("options", "colored"), [((), False), (("--color", "auto"), False), (("--color", "always"), True)]
    )
    def test_in_a_pipe(self, options: tuple[str, ...], colored: bool) -> None:
        assert ("\x1b[" in graphval("lint", UNFED, *options).stdout) == colored


class TestProgress:
    """The line that says what is going on."""

    def test_it_is_shown_on_a_terminal_and_gone_at_the_end(self) -> None:
        _, told, progress = on_a_terminal("lint", RELAY)
        assert [text for text in progress.split("\r\x1b[K") if text] == [
            "1 graph",
            "[1/1] relay: parse ok",
            "[1/1] relay: load ok",
            "[1/1] relay: create -",
            "[1/1] relay: serve -",
        ]
        assert progress.endswith("\r\x1b[K")
        assert "[1/1]" not in told

    def test_quiet_wants_none(self) -> None:
        assert on_a_terminal("lint", RELAY, "-q")[2] == ""

    def test_a_pipe_gets_none(self) -> None:
        assert graphval("lint", RELAY).stderr == ""


@pytest.mark.parametrize("words", [("lint", str(GRAPHS)), ("lint", str(GRAPHS), "--format", "json"), ("rules",)])
def test_a_reader_that_leaves_gets_no_traceback(words: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=PLAIN, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        said = process.stderr.read()
    assert (process.wait(timeout=60), said) == (3, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_is_not_utf8_is_written_to(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "graph.pbtxt").write_text('input_stream: "日本" 7\n', encoding="utf-8")
    run = subprocess.run(
        [*COMMAND, "lint", str(tmp_path)],
        capture_output=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env={**PLAIN, "PYTHONIOENCODING": encoding},
    )
    assert (run.returncode, run.stderr) == (1, b"")
    assert b'input_stream: "\\u65e5\\u672c" 7' in run.stdout


def test_a_file_name_that_is_no_text_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9\x1b[2J")
    folder.mkdir()
    (folder / "graph.pbtxt").write_text("node {", encoding="utf-8")
    run = graphval("lint", folder)
    assert (run.returncode, run.stderr) == (1, "")
    assert "caf\\xe9␛[2J/graph.pbtxt:1:6" in run.stdout


def _timeless(text: str) -> str:
    """A report without what differs from run to run: durations."""
    return re.sub(r'(?<="seconds": )[\d.]+|\d+(?:\.\d)? m?s\b', "0", text)
