"""Finding the rules: each once, by code and by level, and no more of them imported than linting needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graphval.catalog import load
from graphval.deployment import discover
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import _conditions, all_rules, concerned, rules_at, text_rules_by_kind

from .documentation import findings_of, sections, write

ROOT = Path(__file__).resolve().parents[2]
JUDGING = (Level.NODE, Level.GRAPH, Level.DEPLOYMENT)


def test_levels_share_all_rules_among_them() -> None:
    by_level = [rule.code for level in Level for rule in rules_at(level)]
    assert sorted(by_level) == list(all_rules())


@pytest.mark.parametrize("level", list(Level))
def test_a_level_is_in_order_of_codes(level: Level) -> None:
    found = rules_at(level)
    assert found
    assert [rule.code for rule in found] == sorted(rule.code for rule in found)
    assert {rule.level for rule in found} == {level}


def test_names_are_unique() -> None:
    assert len({rule.name for rule in all_rules().values()}) == len(all_rules())


def test_every_kind_of_text_problem_has_one_rule() -> None:
    kinds = [kind for rule in rules_at(Level.TEXT) for kind in rule.kinds]
    assert len(kinds) == len(set(kinds)) == len(text_rules_by_kind())


def test_linting_a_sound_graph_imports_no_rule_of_the_text() -> None:
    script = (
        "import sys, graphval\n"
        "report = graphval.lint(['graphs/good/relay'])\n"
        "apart = ('graphval.rules.text.', 'graphval.rules.exercise.')\n"
        "print(report.verdict.value, [name for name in sys.modules if name.startswith(apart)])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "pass []"


def all_families() -> frozenset[str]:
    return frozenset(_conditions())


@pytest.mark.parametrize("rule", [rule for rule in all_rules().values() if rule.level in JUDGING], ids=lambda r: r.code)
def test_a_family_that_is_not_concerned_has_nothing_to_say(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {}
    for heading in ("Bad", "Good"):
        folder = tmp_path / heading
        path = write(sections(rule.doc)[heading], folder)
        told[heading] = path, findings_of(path)
    monkeypatch.setattr("graphval.rules.run.concerned", lambda deployment: all_families())
    for path, findings in told.values():
        assert findings_of(path) == findings


def test_a_plain_graph_concerns_few_families() -> None:
    [deployment] = discover([ROOT / "graphs" / "good" / "relay"])
    context = DeploymentContext(deployment, load(), no_models=False)
    assert concerned(context) < all_families()
    assert {"deployment", "genai", "python", "executors", "pool"}.isdisjoint(concerned(context))
