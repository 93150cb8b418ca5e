"""What each rule says of its bad example and of each fault: whole, so that places, mends and advice are reviewed too.

    python -m tests.rules.test_said

writes `said/` anew, a file for each code. Run it after a rule has changed and review what it has changed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from graphval.findings import Finding, Span
from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import all_rules

from .documentation import findings_of, sections, write
from .faults import Fault, families
from .faults.graphs import good_graphs
from .judging import judged

SAID = Path(__file__).with_name("said")
RULES = [rule for rule in all_rules().values() if rule.level not in (Level.ENGINE, Level.INPUT)]
FAULTS = [fault for faults in families().values() for fault in faults]


def said_of_the_example(rule: Rule, folder: Path) -> str:
    before = Path.cwd()
    os.chdir(folder)  # files are then shown relative to it
    try:
        findings = findings_of(write(sections(rule.doc)["Bad"], folder))
    finally:
        os.chdir(before)
    return shown("the bad example", findings).replace(str(folder), "FOLDER")


def said_of_the_fault(fault: Fault) -> str:
    """Put into the first good graph that can take it."""
    good, text = next((good, text) for good in good_graphs() for text in fault.into(good))
    return shown(f"{fault.title}, in {good.name}", judged(text, no_models=True).findings)


def shown(title: str, findings: Iterable[Finding]) -> str:
    lines = [f"== {title}"]
    for finding in sorted(findings, key=lambda f: (_place(f.location), f.code, f.message)):
        lines += [
            f"{finding.code} {finding.name} {finding.severity} {finding.phase} {finding.effect} "
            + _place(finding.location)
            + (f" node {finding.node}" if finding.node else ""),
            f"  {finding.message}",
        ]
        lines += [f"  {key}: {text}" for key, text in (("help", finding.help), ("label", finding.label)) if text]
        lines += [f"  {_place(near.location)}: {near.message}" for near in finding.related]
        lines += [f"  edit {_place(edit.location)}: {edit.text!a}" for edit in finding.edits]
    return "\n".join(lines) + "\n"


def _place(span: Span) -> str:
    return f"{span.file}:{span.line}:{span.column}-{span.end_line}:{span.end_column}"


def kept(code: str) -> list[str]:
    """All that is said with a code, case by case."""
    return [f"{said}\n" for said in (SAID / f"{code}.txt").read_text(encoding="utf-8").rstrip("\n").split("\n\n")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_is_said_of_the_bad_example_is_as_reviewed(rule: Rule, tmp_path: Path) -> None:
    assert said_of_the_example(rule, tmp_path.resolve()) in kept(rule.code)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_what_is_said_of_a_fault_is_as_reviewed(fault: Fault) -> None:
    assert said_of_the_fault(fault) in kept(fault.code)


def write_all() -> None:
    SAID.mkdir(exist_ok=True)
    for old in SAID.glob("*.txt"):
        old.unlink()
    for rule in RULES:
        with TemporaryDirectory() as name:
            texts = [said_of_the_example(rule, Path(name).resolve())]
        texts += [said_of_the_fault(fault) for fault in FAULTS if fault.code == rule.code]
        (SAID / f"{rule.code}.txt").write_text("\n".join(texts), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(write_all())
