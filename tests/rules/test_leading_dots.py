"""To MediaPipe ``.X`` is the calculator ``X``: a leading dot changes nothing that is said, but where OVMS compares the
name as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphval.rules.mechanism import Level, Rule
from graphval.rules.registry import all_rules

from .documentation import Expected, as_expected, files, findings_of, sections, write
from .judging import judged

_AS_WRITTEN = ("PythonExecutorCalculator", "HttpLLMCalculator")
"""Of these OVMS itself asks for the name, to prepare a node or to leave the pool out."""
_CALCULATOR = re.compile(rf'calculator: "(?!{"|".join(_AS_WRITTEN)})(\w+)"')
_NAMES_OF_NODES = "GV220"
"""It is about the names that MediaPipe makes of the calculators as they are written."""

RULES = tuple(
    rule
    for rule in all_rules().values()
    if rule.level not in (Level.TEXT, Level.ENGINE, Level.INPUT)
    and rule.code != _NAMES_OF_NODES
    and any(_CALCULATOR.search(text) for text in files(sections(rule.doc)["Bad"]).values())
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_leading_dot_changes_nothing(rule: Rule, tmp_path: Path) -> None:
    bad = sections(rule.doc)["Bad"]
    plain, dotted = (_said(text, tmp_path / name) for name, text in (("plain", bad), ("dotted", _dotted(bad))))
    assert rule.code in {finding.code for finding in plain}
    assert dotted == plain


def _said(example: str, folder: Path) -> list[Expected]:
    return as_expected(findings_of(write(example, folder)), folder)


def _dotted(example: str) -> str:
    return _CALCULATOR.sub(r'calculator: ".\1"', example)


_PYTHON = """
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {{
  name: "n"
  calculator: "SwitchContainer"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "IN:in"
  output_stream: "OUT:out"
  options {{ [mediapipe.SwitchContainerOptions.ext] {{ contained_node {{ calculator: "{calculator}" }} }} }}
}}
"""


@pytest.mark.parametrize("calculator", ["PythonExecutorCalculator", ".PythonExecutorCalculator"])
def test_a_contained_node_is_not_prepared_with_or_without_dot(calculator: str) -> None:
    assert [f.code for f in judged(_PYTHON.format(calculator=calculator), no_models=True).findings] == ["GV322"]


@pytest.mark.parametrize(
    ("calculator", "codes"),
    [
        (".EmbeddingsCalculatorOV", ["GV701"]),
        (".PythonExecutorCalculator", ["GV324"]),
        (".PythonExecutorCalculators", ["GV301"]),
    ],
)
def test_only_the_end_of_a_generative_calculator_counts(calculator: str, codes: list[str]) -> None:
    tags = "REQUEST_PAYLOAD", "RESPONSE_PAYLOAD", "EMBEDDINGS_NODE_RESOURCES:embeddings_servable"
    if "Python" in calculator:
        tags = "OVMS_PY_TENSOR", "OVMS_PY_TENSOR", "PYTHON_NODE_RESOURCES:py"
    text = (
        f'input_stream: "{tags[0]}:input"\noutput_stream: "{tags[1]}:out"\n'
        f'node {{ name: "n" calculator: "{calculator}" input_side_packet: "{tags[2]}" '
        f'input_stream: "{tags[0]}:input" output_stream: "{tags[1]}:out" }}\n'
    )
    assert [f.code for f in judged(text, no_models=True).findings] == codes
