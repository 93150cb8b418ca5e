"""What is said of sound deployments with a change in them, and with two where that is more or less than of each alone.

Two changes that depend on each other show the conditions of rules: that something is no mistake beside something else,
or is one only beside it.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import combinations
from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment import InputError
from graphval.deployment import load as load_deployment
from graphval.findings import Finding, Span
from graphval.rules.run import judge

from .changes import Change, changed, changes_of

PAIRS = 1500
"""Of each deployment so many are tried."""
ALIKE = 1
"""So many changes are kept of which the same is said but for names and numbers."""
QUIET = 12
"""So many are kept of which nothing is said, where something is said of another value in the same place."""
_UNREADABLE = ("GV1", "GV202", "GV203", "GV301", "GV601")
"""What is said of a text of which nothing else can be said then: of no interest beside others."""

Judge = Callable[[Iterable[Change]], tuple[str, ...]]


def said(files: dict[str, str], changes: Iterable[Change], folder: Path) -> tuple[str, ...]:
    """All that is said of a deployment with these changes, in a folder of its own."""
    for path, text in changed(files, changes).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    titles = [change.title for change in changes if not change.path]
    release = next((title.partition(" ")[2] for title in titles if title.startswith("release ")), None)
    no_models = "without models" in titles or list(files) == ["graph.pbtxt"]
    before = Path.cwd()
    os.chdir(folder)  # files are then shown relative to it
    try:
        target = folder / "config.json" if any("config_list" in text for text in files.values()) else folder
        judgement = judge(load_deployment(target), load_catalog(release), no_models=no_models)
        findings = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
        skips = [*judgement.skips, *(skip for graph in judgement.graphs for skip in graph.skips)]
        lines = {shown(finding) for finding in findings}
        lines |= {f'skipped, node "{skip.node or ""}": {skip.reason}' for skip in skips}
    except InputError as why:
        lines = {str(why)}
    finally:
        os.chdir(before)
    named = ((str(folder), "FOLDER"), (str(folder.parent), "ABOVE"))
    return tuple(sorted(reduce(lambda line, name: line.replace(*name), named, line) for line in lines))


def shown(finding: Finding) -> str:
    """All of a finding in a line; places as what is written there."""
    parts = [f"{finding.code} {finding.severity} {finding.phase} {finding.effect} {_written(finding.location)}"]
    parts += [finding.message, finding.help, finding.label, f'node "{finding.node}"' if finding.node else ""]
    parts += [f"{_written(near.location)} {near.message}" for near in finding.related]
    parts += [f"{_written(edit.location)} -> {edit.text!a}" for edit in finding.edits]
    return " | ".join(filter(None, parts))


def _written(span: Span) -> str:
    lines = Path(span.file).read_text(encoding="utf-8", errors="replace").splitlines() if span.line else []
    line = lines[span.line - 1] if 0 < span.line <= len(lines) else ""
    text = line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None]
    return f"{span.file}<{text if len(text) < 50 else f'{text[:24]}…{text[-24:]}'}>"


def worth_keeping(files: dict[str, str], ask: Judge, known: Counter[str]) -> Iterator[tuple[Change, ...]]:
    """The changes, and pairs of them, of which something is said that is ``known`` from few others so far."""
    unchanged = ask(())
    alone = {change: ask([change]) for change in changes_of(files)}
    loud = set[tuple[str, str]]()
    for change, lines in alone.items():
        new = {_in_general(line) for line in lines if line not in unchanged and not line.startswith("GV1")}
        if any(known[line] < ALIKE for line in new):
            known.update(new)
            loud.add(_site(change))
            yield (change,)
    quiet = Counter[tuple[str, str]]()
    for change, lines in alone.items():
        if lines == unchanged and _site(change) in loud and quiet[_site(change)] < QUIET:
            quiet[_site(change)] += 1
            yield (change,)
    readable = [change for change, lines in alone.items() if not any(map(_says_no_more, lines))]
    for one, other in _pairs(readable):
        lines = set(ask([one, other]))
        expected = {*alone[one], *alone[other]}
        if any(map(_says_no_more, lines)):
            continue
        depends = {f"{_in_general(line)} not beside {_in_general(_site(one)[1])}" for line in {*alone[other]} - lines}
        depends |= {f"{_in_general(line)} not beside {_in_general(_site(other)[1])}" for line in {*alone[one]} - lines}
        depends |= {f"{_in_general(line)} together" for line in lines - expected}
        if any(not known[line] for line in depends):
            known.update(depends)
            yield one, other


def _says_no_more(line: str) -> bool:
    return line.startswith(_UNREADABLE) or not line.startswith(("GV", "skipped"))


def _pairs(changes: list[Change]) -> list[tuple[Change, Change]]:
    """Some of all pairs, the same ones each time."""
    every = [(one, other) for one, other in combinations(changes, 2) if one.apart(other)]
    return random.Random(1).sample(every, min(PAIRS, len(every)))


def _in_general(line: str) -> str:
    """What is said without names and numbers."""
    return re.sub(r'"[^"]*"|<[^>]*>|\d+', "", line)


def _site(change: Change) -> tuple[str, str]:
    """Where a change is made, and what is set there."""
    named = re.match(r"\S+ (with )?[^:]*?(?=:| is |$)", change.title)
    return change.path, named[0] if named is not None else change.title
