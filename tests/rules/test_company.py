"""Every bad example is found in company too: whatever stands before a mistake, what stands behind it is looked at."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import all_rules

from .documentation import Expected, as_expected, expected, findings_of, sections, write
from .test_deployment_rules import ECHO, MODEL

CONSTANT = "[type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] { packet { int_value: 1 } }"
NODES = {
    "of a calculator nobody knows": 'node { calculator: "Homemade" }',
    "of no calculator": "node { }",
    "that is sound": 'node { calculator: "ConstantSidePacketCalculator" output_side_packet: "PACKET:company" '
    f"node_options {{ {CONSTANT} }} }}",
    "of a subgraph": 'node { calculator: "SwitchContainer" }',
    "of a session": 'node { calculator: ".OpenVINOModelServerSessionCalculator" }',
    "of an inference": 'node { calculator: "OpenVINOInferenceCalculator" }',
    "that runs Python": 'node { calculator: "PythonExecutorCalculator" }',
    "that generates": 'node { calculator: "HttpLLMCalculator" }',
}
NODE = re.compile(r"^node\b", re.MULTILINE)
OF_ALL_NODES = {
    "GV201": ("", "its place is the first line of the graph"),
    "GV526": ("that generates", "such a node without contexts switches the pool off"),
    "GV540": ("", "only a graph of one node has one thread"),
}
"""Rules that speak of all nodes together: beside which nodes they say something else (of any, where none is named)."""
STATIC = [rule for rule in all_rules().values() if rule.level not in (Level.ENGINE, Level.INPUT)]


def cases(rules: Iterable[Rule], company: Iterable[str]) -> list[object]:
    return [pytest.param(rule, name, id=f"{rule.code} {name}") for rule in rules for name in company]


def bad(rule: Rule) -> str:
    return sections(rule.doc)["Bad"]


OF_GRAPHS = [rule for rule in STATIC if rule.level in (Level.NODE, Level.GRAPH) and "graph.pbtxt" in bad(rule)]


@pytest.mark.parametrize(("rule", "name"), cases(OF_GRAPHS, NODES))
def test_behind_another_node(rule: Rule, name: str, tmp_path: Path) -> None:
    beside, _ = OF_ALL_NODES.get(rule.code, ("none", ""))
    target = write(bad(rule), tmp_path)
    moved: dict[str, int] = {}
    for file in tmp_path.rglob("graph.pbtxt"):
        text = file.read_text()
        first = NODE.search(text)
        at = first.start() if first is not None else len(text)
        file.write_text(f"{text[:at]}{NODES[name]}\n{text[at:]}")
        moved[str(file.relative_to(tmp_path))] = text.count("\n", 0, at) + 1
    wanted = {
        Expected(e.severity, e.code, e.file, e.line + (e.file in moved and e.line >= moved[e.file]))
        for e in expected(bad(rule))
        if e.code == rule.code
    }
    found = set(as_expected(findings_of(target), tmp_path))
    assert (wanted <= found) is (beside not in ("", name))


ENTRIES = {
    "behind a sound model": ("model_config_list", {"config": {"name": "company", "base_path": "company"}}),
    "behind a model that is not there": ("model_config_list", {"config": {"name": "company", "base_path": "gone"}}),
    "behind a model of far away": ("model_config_list", {"config": {"name": "company", "base_path": "s3://company/m"}}),
    "behind a model with settings": (
        "model_config_list",
        {
            "config": {
                "name": "company",
                "base_path": "company",
                "shape": "(2,3)",
                "layout": "NC",
                "target_device": "CPU",
                "nireq": 1,
                "plugin_config": {"NUM_STREAMS": 1},
            }
        },
    ),
    **{
        f"behind a model with {key} {value}": (
            "model_config_list",
            {"config": {"name": "company", "base_path": "company", key: value}},
        )
        for key, value in (
            ("batch_size", "auto"),
            ("batch_size", 1),
            ("shape", "auto"),
            ("shape", {"level": "(1,3)"}),
            ("layout", {"level": "NC"}),
            ("target_device", "GPU"),
            ("plugin_config", {"NUM_STREAMS": "AUTO", "PERFORMANCE_HINT": "LATENCY"}),
            ("model_version_policy", {"specific": {"versions": [1]}}),
        )
    },
    "behind a sound graph": ("mediapipe_config_list", {"name": "company_graph"}),
    "behind a graph that is not there": ("mediapipe_config_list", {"name": "gone"}),
}
FILES = {"company/1/model.xml": MODEL, "company/1/model.bin": "0" * 12, "company_graph/graph.pbtxt": ECHO}
OF_CONFIGS = [rule for rule in STATIC if '_config_list": [' in bad(rule) and rule.level is not Level.TEXT]


@pytest.mark.parametrize(("rule", "name"), cases(OF_CONFIGS, ENTRIES))
def test_behind_another_entry(rule: Rule, name: str, tmp_path: Path) -> None:
    target = write(bad(rule), tmp_path)
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    key, entry = ENTRIES[name]
    begin = re.compile(rf'("{key}": \[)(\s*\]?)')
    text, count = begin.subn(
        lambda m: m[1] + json.dumps(entry) + (m[2] if "]" in m[2] else "," + m[2]), target.read_text()
    )
    if not count:
        text = target.read_text().replace("{", f'{{"{key}": [{json.dumps(entry)}], ', 1)
    target.write_text(text)
    wanted = {found for found in expected(bad(rule)) if found.code == rule.code}
    assert wanted <= set(as_expected(findings_of(target), tmp_path))


BESIDE = ["company = bytes(1)", "print(company.strip(), company[0])", "beside = [company, 'text']"]
APART = """class Company:
    def execute(self, inputs):
        self.kept = tuple(inputs)
        return str(self.kept)


def company(*given, **named):
    return [one for one in given if one in named]


"""
OF_HANDLERS = [rule for rule in STATIC if re.search(r"^```python", bad(rule), re.MULTILINE)]


def told_of_handler(rule: Rule, target: Path) -> list[tuple[str, str]]:
    return sorted((f.message, f.severity) for f in findings_of(target) if f.code == rule.code)


@pytest.mark.parametrize("rule", OF_HANDLERS, ids=lambda rule: rule.code)
def test_behind_other_code(rule: Rule, tmp_path: Path) -> None:
    target = write(bad(rule), tmp_path)
    alone = told_of_handler(rule, target)
    for file in tmp_path.rglob("*.py"):
        lines = file.read_text().splitlines()
        starts = {
            node.body[0].lineno: node.body[0].col_offset
            for node in ast.walk(parsed(lines))
            if isinstance(node, ast.FunctionDef) and node.body[0].lineno > node.lineno
        }
        for number in sorted(starts, reverse=True):
            lines[number - 1 : number - 1] = [" " * starts[number] + line for line in BESIDE]
        file.write_text(APART + "\n".join(lines) + "\n")
    assert told_of_handler(rule, target) == alone


def parsed(lines: list[str]) -> ast.Module:
    """The code; of a file with mistakes in its syntax nothing."""
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return ast.Module([], [])
