"""What is said of each rule's bad example when one thing in it is another, as reviewed.

    python -m tests.rules.test_altered

writes `altered/` anew, a file for each code. Run it after a rule has changed and review what it has changed. What the
rule itself says stands there whole, of what else is said the place alone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from graphval.catalog import load as load_catalog
from graphval.deployment import InputError
from graphval.deployment import load as load_deployment
from graphval.findings import Finding, Span
from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import all_rules
from graphval.rules.run import judge

from .altered import alterations
from .documentation import files, sections, write

ALTERED = Path(__file__).with_name("altered")
RULES = [rule for rule in all_rules().values() if rule.level in (Level.NODE, Level.GRAPH, Level.DEPLOYMENT)]


def told_of_all(rule: Rule, folder: Path) -> str:
    """What the rule says of the bad example and its alterations, numbered; then which of it, and what else, is said of
    each."""
    section = sections(rule.doc)["Bad"]
    numbers: dict[str, int] = {}
    lines = []
    for title, path, text in (("unaltered", "", None), *alterations(files(section))):
        whole, others = told(rule, section, folder / str(len(lines)), path, text)
        said = [f"[{numbers.setdefault(line, len(numbers) + 1)}]" for line in whole]
        lines.append(f"{title}: {', '.join([*said, *others]) or 'nothing'}\n")
    return "".join([*(f"[{number}] {line}\n" for line, number in numbers.items()), "\n", *lines])


def told(rule: Rule, section: str, folder: Path, path: str, text: str | None) -> tuple[list[str], list[str]]:
    """What is said of an example of which one file has another text, or is not there: by the rule, in whole, and why
    nothing could be said; by others, their codes and lines."""
    judged = write(section, folder)
    if text is not None:
        (folder / path).write_text(text, encoding="utf-8")
    elif path:
        (folder / path).unlink()
    before = Path.cwd()
    os.chdir(folder)  # files are then shown relative to it
    try:
        judgement = judge(load_deployment(judged), load_catalog(), no_models=list(files(section)) == ["graph.pbtxt"])
    except InputError as why:
        return [str(why).replace(str(folder), "FOLDER")], []
    finally:
        os.chdir(before)
    findings = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
    skips = [*judgement.skips, *(skip for graph in judgement.graphs for skip in graph.skips)]
    own = sorted(shown(finding) for finding in findings if finding.code == rule.code)
    own += [f"skipped{f' {skip.node}' if skip.node else ''}: {skip.reason}" for skip in skips]
    others = sorted(f"{f.code} {f.location.file}:{f.location.line}" for f in findings if f.code != rule.code)
    return [line.replace(str(folder), "FOLDER") for line in own], others


def shown(finding: Finding) -> str:
    """All of a finding in a line."""
    parts = [f"{finding.code} {place(finding.location)} {finding.severity} {finding.phase} {finding.effect}"]
    parts += [finding.message, finding.help, finding.label, finding.node or ""]
    parts += [f"{place(near.location)} {near.message}" for near in finding.related]
    parts += [f"{place(edit.location)} -> {edit.text!a}" for edit in finding.edits]
    return " | ".join(filter(None, parts))


def place(span: Span) -> str:
    return f"{span.file}:{span.line}:{span.column}-{span.end_line}:{span.end_column}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_is_said_of_altered_examples_is_as_reviewed(rule: Rule, tmp_path: Path) -> None:
    kept = (ALTERED / f"{rule.code}.txt").read_text(encoding="utf-8")
    assert told_of_all(rule, tmp_path.resolve()) == kept


def write_all() -> None:
    ALTERED.mkdir(exist_ok=True)
    for old in ALTERED.glob("*.txt"):
        old.unlink()
    for rule in RULES:
        with TemporaryDirectory() as name:
            text = told_of_all(rule, Path(name).resolve())
        (ALTERED / f"{rule.code}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(write_all())
