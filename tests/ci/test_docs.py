"""What the pages show is what happens."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from .running import ROOT, graphval, run

PAGES = sorted(page for page in (ROOT / "docs").glob("*.md"))


def blocks(language: str) -> list[str]:
    found: list[str] = []
    for page in PAGES:
        found += re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return found


def commands() -> list[str]:
    """What ``sh`` blocks hold; those in ``bash`` blocks need something of the reader's own."""
    return sorted({line for block in blocks("sh") for line in block.splitlines() if line.startswith("graphval ")})


@pytest.mark.parametrize("command", commands())
def test_commands_pass(command: str, tmp_path: Path) -> None:
    words = [re.sub(r"(?<![\w/])build/", f"{tmp_path}/", word) for word in shlex.split(command)[1:]]
    ran = run(ROOT, sys.executable, "-m", "graphval", *words)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_finding_shown_is_the_one_printed() -> None:
    (block,) = (block for block in blocks("console") if "error[" in block)
    command, shown = block.splitlines()
    ran = graphval(ROOT, *shlex.split(command.removeprefix("$ graphval ")))
    assert ran.stdout.splitlines()[0] == shown


def test_the_site_lists_every_page() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r": ([\w/]+\.md)$", text, re.MULTILINE))
    assert {page.name for page in PAGES} <= listed
    assert all((ROOT / "docs" / name).is_file() for name in listed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_options_and_codes_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    from graphval.rules.registry import all_rules

    codes = set(re.findall(r"\bGV\d{3}\b", text))
    assert codes <= set(all_rules()), codes
