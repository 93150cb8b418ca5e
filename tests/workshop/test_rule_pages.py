"""The pages of the rules are what the rules say: nothing has been forgotten, nothing has changed since."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from graphval.explanation import headings
from graphval.rules.listed import LISTED, RELEASES, all_codes, all_listed
from graphval.rules.mechanism import Rule
from graphval.rules.registry import all_rules, listed_rules

ROOT = Path(__file__).resolve().parents[2]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_rule_pages", ROOT / "tools" / "make_rule_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
AGAIN = "run python3 workshop.py docs"


def test_what_each_release_says_is_up_to_date() -> None:
    assert RELEASES.read_text(encoding="utf-8") == TOOL.by_release(), AGAIN


def test_what_is_known_without_the_rules_is_up_to_date() -> None:
    assert LISTED.read_text(encoding="utf-8") == TOOL.table(), AGAIN
    assert list(all_listed()) == listed_rules()
    assert all_codes() == set(all_rules())


@pytest.mark.parametrize("rule", all_rules().values(), ids=all_rules())
def test_when_a_rule_is_asked_is_listed(rule: Rule) -> None:
    [listed] = [listed for listed in all_listed() if listed.code == rule.code]
    hinging_on = [list(each) for each in (rule.kinds, rule.written, rule.signs, rule.prepared_as)]
    assert (rule.name, rule.level.value, *hinging_on) == (listed.name, listed.level, *listed[5:-1])
    assert sorted(rule.calculators) == listed.calculators


def test_what_is_listed_leads_to_the_rule() -> None:
    assert {listed.code: listed.rule() for listed in all_listed()} == all_rules()


def test_there_is_a_page_for_each_rule_and_no_other() -> None:
    assert {file.name for file in TOOL.PAGES.iterdir()} == set(TOOL.pages()), AGAIN


@pytest.mark.parametrize(("name", "text"), TOOL.pages().items(), ids=TOOL.pages())
def test_a_page_is_what_the_rule_says(name: str, text: str) -> None:
    assert (TOOL.PAGES / name).read_text(encoding="utf-8") == text, AGAIN


@pytest.mark.parametrize("rule", all_rules().values(), ids=all_rules())
def test_a_rule_says_how_to_mend_what_it_finds(rule: Rule) -> None:
    assert "How to fix" in headings(rule)


def test_every_rule_stands_in_the_index() -> None:
    index = TOOL.index()
    assert [code for code in all_rules() if f"[{code}]({code}.md)" not in index] == []
