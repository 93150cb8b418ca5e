"""Every fenced block of README and docs is run or compared by some test; one that is not has its reason here."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NOT_RUN = {
    "python3 workshop.py check": "sets up an environment of its own; the job that runs these tests has begun with it",
    "python3 workshop.py test": "it is what runs this",
    "python3 workshop.py style": "tests/workshop/test_style.py runs what it runs",
    "python3 workshop.py docs": "tests/workshop/test_rule_pages.py holds what it writes",
    "python3 workshop.py lock": "asks a package index for all newest releases",
    "python3 workshop.py clean": "removes the environment that runs this",
    ". .venv/bin/activate": "is for a shell that goes on",
    ".venv/bin/python tools/make_catalog.py REFERENCE_FOLDER": "needs facts that are kept elsewhere; "
    "tests/catalog/test_making.py runs it on made-up ones",
    ".venv/bin/python tools/make_openvino_properties.py": "needs OpenVINO's headers; "
    "tests/catalog/test_openvino_properties.py holds what it has written",
}
"""Commands of ``sh`` blocks that no test runs as they stand, each with the reason."""


def blocks(*languages: str) -> list[tuple[str, str]]:
    """Page and text of each block of these languages."""
    return [
        (page.name, text)
        for page in PAGES
        for language, text in BLOCK.findall(page.read_text(encoding="utf-8"))
        if language in languages
    ]


def run(folder: Path, words: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    """The folder ``deploy`` that the pages speak of: a config.json, and the graph chat."""
    shutil.copytree(ROOT / "graphs" / "good" / "relay", tmp_path / "deploy" / "chat")
    config = {"model_config_list": [], "mediapipe_config_list": [{"name": "chat"}]}
    (tmp_path / "deploy" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return tmp_path


def test_every_block_is_of_a_kind_that_is_looked_at() -> None:
    kinds = {language for page in PAGES for language, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert kinds <= {"sh", "bash", "console", "python", "toml", "yaml", ""}


def test_shell_blocks_hold_commands_of_graphval_or_such_as_have_a_reason() -> None:
    lines = {line.partition("#")[0].strip() for _, text in blocks("sh") for line in text.splitlines()}
    others = {line for line in lines if line and not line.startswith("graphval ")}
    assert {line for line in others if line not in NOT_RUN} == set()


def test_what_is_shown_without_a_language_is_known() -> None:
    shown = [(page, text.lstrip().split()[0]) for page, text in blocks("")]
    # The finding is compared in test_readme.py; the picture of the rooms is no output.
    assert shown == [("README.md", "error[GV501]:"), ("architecture.md", "files")]


@pytest.mark.parametrize(
    "command", [line for _, text in blocks("bash") for line in text.splitlines() if line.startswith("graphval ")]
)
def test_commands_that_need_something_of_the_readers_own_are_understood(command: str) -> None:
    """They name a server or an image that is not here; that each option exists is seen all the same."""
    _, name, *words = shlex.split(command, comments=True)
    group = [words[0]] if name == "catalog" else []
    helped = run(ROOT, [sys.executable, "-m", "graphval", name, *group, "--help"]).stdout
    options = [word for word in words if word.startswith("--")]
    assert options
    assert [option for option in options if f"{option} " not in helped] == []


OF_THE_DOCS = [text for page, text in blocks("python") if page != "README.md"]


@pytest.mark.parametrize("script", [text for text in OF_THE_DOCS if "@pytest" not in text])
def test_scripts_run(script: str, deploy: Path) -> None:
    ran = run(deploy, [sys.executable, "-c", script])
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("script", [text for text in OF_THE_DOCS if "@pytest" in text])
def test_tests_that_are_shown_pass(script: str, deploy: Path) -> None:
    (deploy / "test_shown.py").write_text(script, encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "graphval.pytest_plugin"]
    ran = run(deploy, words, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_ADDOPTS="")
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout


def test_the_gate_runs_the_command_behind_it(deploy: Path) -> None:
    ((_, text),) = [block for block in blocks("console") if "error[" not in block[1]]
    _, script, *words = shlex.split(text.removeprefix("$ "))
    kubectl = deploy / "bin" / "kubectl"
    kubectl.parent.mkdir()
    kubectl.write_text('#!/bin/sh\necho "$@" >told\n', encoding="utf-8")
    kubectl.chmod(0o755)
    ran = run(deploy, [sys.executable, str(ROOT / script), *words], PATH=f"{kubectl.parent}:{os.environ['PATH']}")
    assert ran.returncode == 0, ran.stderr
    assert (deploy / "told").read_text(encoding="utf-8") == "rollout restart deployment/model-server\n"


def test_recipes_name_what_there_is() -> None:
    action = (ROOT / "action.yml").read_text(encoding="utf-8").partition("outputs:")[0]
    inputs = set(re.findall(r"^  ([a-z-]+):$", action, re.MULTILINE))
    hooks = set(
        re.findall(r"^- id: (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    )
    recipes = [text for _, text in blocks("yaml")]
    used = {name for text in recipes for name in re.findall(r"graphval@\w+\n    with:\n((?:      .+\n)+)", text)}
    named = {line.strip().partition(":")[0] for text in used for line in text.splitlines()}
    assert named
    assert named <= inputs
    told = {name for text in recipes for name in re.findall(r"- id: (.+)", text)}
    assert told
    assert told <= hooks
