"""What the README and the docs show is what happens."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from graphval.rules.registry import all_rules
from graphval.settings.file import read_settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[str]:
    lines = [line.partition("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("graphval ")]


def test_commands_were_found() -> None:
    assert len(commands()) >= 6


@pytest.mark.parametrize("command", commands())
def test_commands_pass(command: str, tmp_path: Path) -> None:
    words = shlex.split(command)
    for option in ("--output", "--write-baseline", "--baseline"):
        if option in words:
            at = words.index(option) + 1
            words[at] = str(tmp_path / words[at])
    if "--baseline" in words:
        _run(["--write-baseline" if word == "--baseline" else word for word in words])
    done = _run(words)
    assert done.returncode == 0, done.stdout + done.stderr


def _run(words: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_the_settings_shown_are_settings(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    (tmp_path / "graphval.toml").write_text(text, encoding="utf-8")
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    settings = read_settings(tmp_path / "graphval.toml", all_rules())
    assert (settings.ovms_version, settings.ignore, settings.profile) == ("2026.3", ("GV216",), "strict")
    assert settings.calculators


def test_the_finding_shown_is_the_one_printed() -> None:
    shown = next(block for block in blocks("") if block.startswith("error[GV501]"))
    words = [sys.executable, "-m", "graphval", "lint", "graphs/broken/sync_set_kills_chat"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert shown.strip() in done.stdout


def test_the_script_shown_runs() -> None:
    (script,) = blocks("python")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["pass", "['serve']"], done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
