"""Finding the rules: each once, by code and by level, and no more of them imported than linting needs."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graphval.catalog import load
from graphval.deployment import discover
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import Panel, _conditions, all_rules, concerned, find_rule, kinds, panel, rule_about
from graphval.rules.signs import UNMADE_STREAM
from tests.composed.generated import generated

from .documentation import findings_of, sections, write

ROOT = Path(__file__).resolve().parents[2]
JUDGING = (Level.NODE, Level.GRAPH, Level.DEPLOYMENT)


def test_names_are_unique() -> None:
    assert len({rule.name for rule in all_rules().values()}) == len(all_rules())


def test_every_kind_of_text_problem_has_one_rule() -> None:
    by_kind = [(kind, rule) for rule in all_rules().values() for kind in rule.kinds]
    assert len(by_kind) == len(kinds())
    for kind, rule in by_kind:
        assert rule_about(kind) is rule


def test_every_problem_that_reading_reports_has_a_rule() -> None:
    """Its kind is the first argument wherever one is made, mostly as a plain string."""
    made = re.compile(r'(?:\bProblem|\.problem)\(\s*"([a-z-]+)"')
    rooms = [ROOT / "graphval" / room for room in ("textproto", "deployment", "rules")]
    reported = {kind for room in rooms for file in room.glob("*.py") for kind in made.findall(file.read_text("utf-8"))}
    assert len(reported) > 30
    assert reported <= kinds()


def test_a_rule_is_found_by_code_and_name_however_they_are_written() -> None:
    rule = all_rules()["GV210"]
    assert find_rule("GV210") is find_rule("gv210") is find_rule(rule.name) is find_rule(rule.name.upper()) is rule
    assert find_rule("GV999") is find_rule("") is find_rule("GV21") is None


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


class AsksAll(Panel):
    """A panel of all rules, each of which is asked about every node and graph."""

    def __init__(self) -> None:
        super().__init__(all_families())

    def about_graph(self, fields: frozenset[str], signs: frozenset[str]) -> tuple[Rule, ...]:
        return tuple(listed.rule() for listed in self.of_graphs)

    def about_node(self, calculator: str, prepared_as: str | None, fields: frozenset[str]) -> tuple[Rule, ...]:
        return tuple(listed.rule() for listed in self.of_nodes)


@pytest.fixture
def asking_all(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on, every rule is asked."""
    everything = AsksAll()
    return lambda: monkeypatch.setattr("graphval.rules.run.panel", lambda families: everything)


@pytest.mark.parametrize("rule", [rule for rule in all_rules().values() if rule.level in JUDGING], ids=lambda r: r.code)
def test_a_rule_that_is_not_asked_has_nothing_to_say(
    rule: Rule, tmp_path: Path, asking_all: Callable[[], None]
) -> None:
    told = {}
    for heading in ("Bad", "Good"):
        folder = tmp_path / heading
        path = write(sections(rule.doc)[heading], folder)
        told[heading] = path, findings_of(path)
    asking_all()
    for path, findings in told.values():
        assert findings_of(path) == findings


def test_nor_about_graphs_of_every_kind(tmp_path: Path, asking_all: Callable[[], None]) -> None:
    graphs = [
        *(file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("graphs/*/*/graph.pbtxt"))),
        *(generated(1, number).text for number in range(200)),
    ]
    told = [_codes(text, tmp_path) for text in graphs]
    asking_all()
    assert [_codes(text, tmp_path) for text in graphs] == told


def _codes(text: str, folder: Path) -> list[tuple[str, str]]:
    (folder / "graph.pbtxt").write_text(text, encoding="utf-8")
    return [(finding.code, finding.message) for finding in findings_of(folder)]


@pytest.mark.parametrize("families", [all_families(), frozenset({"wiring", "genai"})], ids=["all", "some"])
def test_a_panel_asks_in_order_of_codes(families: frozenset[str]) -> None:
    asked = panel(families)
    fields = frozenset(field for rule in all_rules().values() for field in rule.written)
    signs = frozenset(sign for rule in all_rules().values() for sign in rule.signs)
    for rules in (
        asked.about_graph(fields, signs),
        asked.about_node("A", "LLM", fields),
        asked.about_node("A", None, fields),
    ):
        assert rules
        assert [rule.code for rule in rules] == sorted(rule.code for rule in rules)


def test_a_panel_asks_what_hangs_on_a_field_where_it_is_written() -> None:
    asked = panel(all_families())
    fields = asked.fields_that_matter({"node", "calculator", "input_stream_info", "tag_index"})
    assert fields == {"input_stream_info"}
    codes = {rule.code for rule in asked.about_node("A", None, fields)}
    assert "GV214" in codes
    assert "GV403" not in codes


def test_a_panel_asks_what_hangs_on_a_sign_where_it_shows() -> None:
    asked = panel(all_families())
    codes = {rule.code for rule in asked.about_graph(frozenset(), frozenset({UNMADE_STREAM}))}
    assert {"GV210", "GV211", "GV242"} <= codes
    assert codes.isdisjoint({"GV201", "GV212", "GV216"})


def test_a_panel_asks_about_nodes_of_a_kind_what_is_about_that_kind() -> None:
    asked = panel(all_families())
    fields = frozenset(field for rule in all_rules().values() for field in rule.written)
    by_kind = {kind: {rule.code for rule in asked.about_node("A", kind, fields)} for kind in ("LLM", "Python", None)}
    assert "GV724" in by_kind["LLM"] - by_kind["Python"]
    assert "GV710" in by_kind["Python"] - by_kind["LLM"]
    assert by_kind["LLM"] > by_kind[None]


def test_a_panel_asks_about_nodes_of_a_calculator_what_is_about_it() -> None:
    asked = panel(all_families())
    by_name = {
        name: {rule.code for rule in asked.about_node(name, None, frozenset())}
        for name in ("GateCalculator", "MuxCalculator", "A")
    }
    assert "GV516" in by_name["MuxCalculator"]
    assert "GV310" in by_name["GateCalculator"] & by_name["MuxCalculator"]
    assert by_name["A"] < by_name["GateCalculator"]
    assert by_name["A"].isdisjoint({"GV310", "GV516"})


def test_a_plain_graph_concerns_few_families() -> None:
    [deployment] = discover([ROOT / "graphs" / "good" / "relay"])
    context = DeploymentContext(deployment, load(), no_models=False)
    assert concerned(context) < all_families()
    assert {"deployment", "genai", "python", "executors", "pool"}.isdisjoint(concerned(context))
