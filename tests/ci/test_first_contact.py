"""The first minutes with graphval: what it says without arguments, and to the mistakes that newcomers make."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from graphval.cli.completion_script import SHELLS, script
from graphval.report.form import Format

from .running import ROOT, graphval, run

RELAY = ROOT / "graphs" / "good" / "relay"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as newcomers have it: a graph, a model, a handler, a model of Hugging Face."""
    shutil.copytree(RELAY, tmp_path / "relay")
    (tmp_path / "model" / "1").mkdir(parents=True)
    (tmp_path / "model" / "1" / "model.xml").write_text("<net/>", encoding="utf-8")
    (tmp_path / "handler.py").write_text("print(1)\n", encoding="utf-8")
    (tmp_path / "llm").mkdir()
    (tmp_path / "llm" / "config.json").write_text('{"model_type": "llama"}', encoding="utf-8")
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_without_arguments_it_looks_around(folder: Path) -> None:
    ran = graphval(folder)
    assert ran.returncode == 2
    assert "1 graph in 1 deployment can be checked here:" in ran.stdout
    assert "  relay  (graph directory, 1 graph)" in ran.stdout
    assert "graphval lint ." in ran.stdout


def test_where_nothing_is_it_says_what_to_do(tmp_path: Path) -> None:
    assert "Nothing here can be checked" in graphval(tmp_path).stdout


NOTHING = "{} holds no graph.pbtxt and no config.json"
MISTAKES = {
    "a path that is not there": (("lint", "relais"), "relais does not exist; did you mean relay?"),
    "a path in place of the command": (
        ("relay",),
        "relay is a path, and a command must stand before it: graphval lint relay",
    ),
    "a command with a typo": (
        ("chekc", "relay"),
        "No such command 'chekc'. Did you mean 'check'?; see graphval --help",
    ),
    "no path": (
        ("lint",),
        "lint needs a path, like graphval lint . for this folder; graphval alone says what can be checked",
    ),
    "a model's folder": (
        ("lint", "model"),
        f"{NOTHING.format('model')}, but a model: name the graph that uses it, or the config.json that lists it",
    ),
    "a model's file": (
        ("lint", "model/1/model.xml"),
        "model/1/model.xml is no graph: name a graph file (.pbtxt), a graph directory or a config.json",
    ),
    "a handler": (
        ("lint", "handler.py"),
        "handler.py is no graph: name a graph file (.pbtxt), a graph directory or a config.json",
    ),
    "a model of Hugging Face": (
        ("lint", "llm"),
        "llm/config.json describes a model, not a server, and no graph lies beside it",
    ),
    "an empty folder": (("lint", "empty"), NOTHING.format("empty")),
    "an engine with a typo": (
        ("check", "relay", "--engine", "dcoker"),
        'engine "dcoker" is unknown; did you mean docker?',
    ),
    "an output in place of a report": (
        ("lint", "relay", "--report", "out.sarif"),
        f"--report wants FORM=FILE, the form one of {', '.join(Format)}; this is out.sarif",
    ),
}


@pytest.mark.parametrize(("words", "says"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_of_newcomers(folder: Path, words: tuple[str, ...], says: str) -> None:
    ran = graphval(folder, *words)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"graphval: {says}\n")


def test_an_unknown_release_lists_those_there_are(folder: Path) -> None:
    ran = graphval(folder, "lint", "relay", "--ovms-version", "2030.1")
    assert ran.returncode == 2
    assert "known releases: 2024.4, " in ran.stderr


class TestInit:
    """Settings to begin with."""

    def test_it_writes_settings_that_lint_reads(self, folder: Path) -> None:
        assert graphval(folder, "init").returncode == 0
        settings = tomllib.loads((folder / "graphval.toml").read_text(encoding="utf-8"))
        assert set(settings) == {"ovms-version", "profile", "no-models"}
        ran = graphval(folder, "lint", ".")
        assert ran.returncode == 0, ran.stderr

    def test_it_overwrites_nothing(self, folder: Path) -> None:
        (folder / "graphval.toml").write_text("# mine\n", encoding="utf-8")
        ran = graphval(folder, "init")
        assert ran.returncode == 2
        assert "is there already" in ran.stderr
        assert (folder / "graphval.toml").read_text(encoding="utf-8") == "# mine\n"

    def test_where_nothing_is_it_writes_nothing(self, folder: Path) -> None:
        assert graphval(folder, "init", "empty").returncode == 2
        assert not (folder / "empty" / "graphval.toml").exists()


def test_the_version_is_what_a_bug_report_needs(tmp_path: Path) -> None:
    lines = graphval(tmp_path, "--version").stdout.splitlines()
    assert lines[0].startswith("graphval ")
    for word in ("judges by OVMS", "Python", "protobuf", "openvino", "on the PATH"):
        assert any(line.startswith(word) for line in lines), word


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_knows_every_command(tmp_path: Path, shell: str) -> None:
    text = graphval(tmp_path, "completion", shell).stdout
    for word in ("lint", "check", "draw", "explain", "changed-since"):
        assert word in text


def test_bash_completes(tmp_path: Path) -> None:
    (tmp_path / "complete").write_text(script("bash", {"lint": ["--format", "--fix"], "draw": []}), encoding="utf-8")
    ask = 'source ./complete; COMP_WORDS=({}); COMP_CWORD={}; _graphval; echo "${{COMPREPLY[@]}}"'
    for words, at, answer in (("graphval l", 1, "lint"), ("graphval lint --f", 2, "--format --fix")):
        assert run(tmp_path, "bash", "-c", ask.format(words, at)).stdout.split() == answer.split()


def test_an_unknown_shell_is_refused(tmp_path: Path) -> None:
    ran = graphval(tmp_path, "completion", "tcsh")
    assert ran.returncode == 2
    assert "bash, zsh, fish" in ran.stderr
