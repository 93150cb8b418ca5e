"""Each rule does what its documentation says: the bad example is reported where it is marked, the good one is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphval.findings import Effect, Phase, Severity
from graphval.rules.listed import all_codes
from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import all_rules

from .documentation import as_expected, expected, files, findings_of, sections, write

RULES = tuple(all_rules().values())
STATIC = tuple(rule for rule in RULES if rule.level not in (Level.ENGINE, Level.INPUT))
HEADINGS = ("", "What it does", "Why it is bad", "Bad", "Good", "How to fix", "Releases", "Limits", "Source")
FAMILIES = {
    "1": {"text"},
    "2": {"wiring", "border"},
    "3": {"calculators"},
    "4": {"options"},
    "5": {"handlers", "executors", "pool"},
    "6": {"deployment"},
    "7": {"python", "genai", "models", "border"},
    "8": {"exercise"},
    "9": {"exercise"},
}

every = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
static = pytest.mark.parametrize("rule", STATIC, ids=lambda rule: rule.code)


@every
def test_sections_are_there_and_in_order(rule: Rule) -> None:
    found = list(sections(rule.doc))
    assert found == [heading for heading in HEADINGS if heading in found]
    needed = {"", "What it does", "Why it is bad", "Source"} | ({"Bad", "Good"} if rule in STATIC else set())
    assert needed <= set(found)
    assert all(sections(rule.doc).values())


@every
def test_summary_is_one_line(rule: Rule) -> None:
    summary = sections(rule.doc)[""]
    assert "\n" not in summary
    assert summary.endswith(".")


@every
def test_source_names_what_was_read_or_seen_and_its_release(rule: Rule) -> None:
    source = sections(rule.doc)["Source"]
    assert re.search(r"\b20\d\d\.\d|\b3\.19", source), source


@every
def test_names_are_kebab_case_and_short(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert len(rule.name) <= 40


@every
def test_it_is_listed_or_nobody_asks_it(rule: Rule) -> None:
    assert rule.code in all_codes(), "run python3 workshop.py docs"


def test_names_are_unique() -> None:
    names = [rule.name for rule in RULES]
    assert sorted(names) == sorted(set(names))


@every
def test_codes_lie_in_their_family(rule: Rule) -> None:
    folders = {path.parent.name for path in _files_of(rule)}
    assert folders <= FAMILIES[rule.code[2]], folders


def _files_of(rule: Rule) -> list[Path]:
    root = Path(__file__).parents[2] / "graphval" / "rules"
    found = [path for path in root.glob("*/*.py") if f'"{rule.code}"' in path.read_text(encoding="utf-8")]
    assert found
    return found


@every
def test_advice_is_no_error(rule: Rule) -> None:
    assert rule.effect is not Effect.ADVICE or rule.severity is not Severity.ERROR


@static
def test_bad_example_is_reported_where_it_is_marked(rule: Rule, tmp_path: Path) -> None:
    bad = sections(rule.doc)["Bad"]
    wanted = expected(bad)
    assert rule.code in {finding.code for finding in wanted}
    findings = findings_of(write(bad, tmp_path))
    assert as_expected(findings, tmp_path) == wanted
    mine = [finding for finding in findings if finding.code == rule.code]
    assert {finding.name for finding in mine} == {rule.name}
    assert all(finding.message and not finding.message.endswith(".") for finding in mine)


@static
def test_good_example_is_not_reported(rule: Rule, tmp_path: Path) -> None:
    good = sections(rule.doc)["Good"]
    assert expected(good) == []
    assert files(good)
    assert [(f.code, f.message, f.location.line) for f in findings_of(write(good, tmp_path))] == []


@static
def test_phase_fits_the_level(rule: Rule) -> None:
    if rule.level is Level.TEXT:
        assert rule.phase is Phase.PARSE
    assert rule.effect is not Effect.ABORT or rule.severity is Severity.ERROR
