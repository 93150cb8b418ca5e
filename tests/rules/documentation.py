"""Reads a rule's documentation: its sections, the files of its examples, and what they expect.

A fenced block ```` ```LANGUAGE PATH ```` is a file (of bytes if the language is ``hex``). ``# error: [GV…]`` at the end
of a line expects that code on it, ``# error-below: [GV…]`` on the next line; a block ```` ```expect ```` holds lines
``error: GV… at PATH:LINE``.

An example that shows nothing but a graph says nothing of the models it names: it is judged as if they were not at hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment import load as load_deployment
from graphval.findings import Finding
from graphval.rules.run import judge

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"# (error|warning|info)(-below)?: \[(GV\d{3})\]")
_EXPECTED = re.compile(r"^(error|warning|info): (GV\d{3}) at (\S+):(\d+)$")


@dataclass(frozen=True, order=True)
class Expected:
    """One finding: severity, code, file relative to the example, line."""

    severity: str
    code: str
    file: str
    line: int


def sections(doc: str) -> dict[str, str]:
    """The text under each heading, and the summary under the empty name."""
    parts = _HEADING.split(doc.strip())
    return {"": parts[0].strip(), **{parts[i]: parts[i + 1].strip() for i in range(1, len(parts), 2)}}


def files(section: str) -> dict[str, str]:
    return {path: text for language, path, text in _BLOCK.findall(section) if language != "expect"}


def expected(section: str) -> list[Expected]:
    """What a section's files and its ``expect`` blocks expect, sorted."""
    found = []
    for language, path, text in _BLOCK.findall(section):
        lines = text.splitlines()
        if language == "expect":
            for line in lines:
                match = _EXPECTED.match(line)
                assert match is not None, line
                found.append(Expected(match[1], match[2], match[3], int(match[4])))
            continue
        for number, line in enumerate(lines, 1):
            for severity, below, code in _MARK.findall(line):
                found.append(Expected(severity, code, path, number + bool(below)))
    return sorted(found)


def write(section: str, folder: Path) -> Path:
    """Write the example's files; returns what to judge: config.json if there is one, else the folder."""
    for language, path, text in _BLOCK.findall(section):
        if language != "expect":
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(bytes.fromhex(text) if language == "hex" else text.encode())
    config = folder / "config.json"
    return config if config.exists() else folder


def findings_of(path: Path) -> list[Finding]:
    """All findings about the deployment at ``path`` and its graphs, by the newest catalog."""
    shown = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else []
    alone = len(shown) == 1 and shown[0].suffix == ".pbtxt"
    judgement = judge(load_deployment(path), load_catalog(), no_models=alone)
    return [*judgement.findings, *(finding for judged in judgement.graphs for finding in judged.findings)]


def as_expected(findings: list[Finding], folder: Path) -> list[Expected]:
    """Findings in the form of :func:`expected`."""
    return sorted(
        Expected(
            f.severity, f.code, str(Path(f.location.file).resolve().relative_to(folder.resolve())), f.location.line
        )
        for f in findings
    )
