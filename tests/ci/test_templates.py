"""The Action's steps, the GitLab template and the pre-commit hook say what graphval understands."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .running import ROOT, run

RELAY, BROKEN = ROOT / "graphs" / "good" / "relay", ROOT / "graphs" / "broken" / "stream_without_producer"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for the PATH in which ``graphval`` and ``python3`` are those under test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, words in (("graphval", "-m graphval "), ("python3", "")):
        (folder / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words}"$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def action(tools: Path, folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], str, str]:
    """The run, what it sets as outputs, and the step's summary."""
    output, summary = folder / "output", folder / "summary"
    path = f"{tools}:/usr/bin:/bin"
    ran = run(
        folder,
        "bash",
        ROOT / "ci" / "github.sh",
        PATH=path,
        GITHUB_OUTPUT=str(output),
        GITHUB_STEP_SUMMARY=str(summary),
        **inputs,
    )
    texts = (file.read_text(encoding="utf-8") if file.exists() else "" for file in (output, summary))
    return ran, *texts


def test_the_action_on_a_good_graph(tools: Path, tmp_path: Path) -> None:
    ran, output, summary = action(tools, tmp_path, PATHS=str(RELAY))
    assert ran.returncode == 0, ran.stderr
    assert output == "verdict=pass\n"
    assert summary.startswith("### graphval: ✅ pass")
    assert (tmp_path / "graphval.sarif").exists()


def test_the_action_on_a_broken_graph(tools: Path, tmp_path: Path) -> None:
    ran, output, summary = action(tools, tmp_path, PATHS=f"{RELAY} {BROKEN}", SARIF="here.sarif")
    assert ran.returncode == 1
    assert output == "verdict=fail\n"
    assert ran.stdout.startswith("::error file=")
    assert "GV210" in summary
    assert (tmp_path / "here.sarif").exists()


@pytest.mark.parametrize("name", ["PATHS", "OPTIONS", "ENGINE", "CHANGED_SINCE", "SARIF"])
def test_inputs_are_never_run(tools: Path, tmp_path: Path, name: str) -> None:
    inputs = {"PATHS": str(RELAY), name: "$(touch ran) `touch ran` ; touch ran"}
    ran, output, _ = action(tools, tmp_path, **inputs)
    assert not (tmp_path / "ran").exists()
    assert ran.returncode != 0 or name == "SARIF"
    assert output.startswith("verdict=")


def test_options_reach_graphval(tools: Path, tmp_path: Path) -> None:
    ran, output, _ = action(tools, tmp_path, PATHS=str(BROKEN), OPTIONS="--ignore GV210 --ovms-version 2026.3")
    assert (ran.returncode, output) == (0, "verdict=pass\n"), ran.stderr


def test_the_action_gives_its_inputs_as_variables_only() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    inputs = set(re.findall(r"^  ([a-z-]+):$", text.partition("outputs:")[0].partition("inputs:")[2], re.MULTILINE))
    assert inputs == {"paths", "engine", "options", "changed-since", "cache", "sarif"}
    for line in text.splitlines():
        if line.strip().startswith("run:"):
            assert "${{" not in line
            script = re.search(r"GITHUB_ACTION_PATH/([\w./]+)", line)
            assert script is not None
            assert (ROOT / script[1]).stat().st_mode & 0o111


def test_installing_puts_graphval_and_its_data_where_python_finds_it(tools: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    # As in the Action, but without an index: what it depends on is here already, and so is what builds it.
    pip = {"PIP_TARGET": str(site), "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    ran = run(tmp_path, "bash", ROOT / "ci" / "install.sh", PATH=f"{tools}:/usr/bin:/bin", ENGINE="none", **pip)
    assert ran.returncode == 0, ran.stderr
    judged = run(tmp_path, sys.executable, "-m", "graphval", "lint", BROKEN, PYTHONPATH=str(site))
    assert judged.returncode == 1
    assert "error[GV210]" in judged.stdout


@pytest.mark.parametrize("script", ["github.sh", "install.sh"])
def test_scripts_are_sound_shell(script: str) -> None:
    assert run(ROOT, "bash", "-n", ROOT / "ci" / script).returncode == 0


@pytest.mark.parametrize("file", [".pre-commit-hooks.yaml", "ci/gitlab.yml"])
def test_command_lines_of_templates_are_understood(file: str, tmp_path: Path) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    options = set(re.findall(r"(?<![\w-])--[a-z-]+", re.split(r"graphval (?:lint|check) ", text, maxsplit=1)[1]))
    helped = run(tmp_path, sys.executable, "-m", "graphval", "lint", "--help").stdout
    helped += run(tmp_path, sys.executable, "-m", "graphval", "check", "--help").stdout
    assert options
    assert [option for option in options if option not in helped] == []


def test_the_hook_takes_graphs_and_nothing_else() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (pattern,) = set(re.findall(r"files: (.*)", text))
    names = {"graph.pbtxt": True, "a/graph.pbtxt": True, "labels.pbtxt": False, "agraph.pbtxt": False}
    assert {name: bool(re.search(pattern, name)) for name in names} == names


def test_the_container_file_copies_what_is_there() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in line.split()[:-1]), line
    assert re.search(r"^USER 5000$", text, re.MULTILINE)
    assert shutil.which("bash")
