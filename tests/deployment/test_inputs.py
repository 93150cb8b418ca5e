"""Where the strings of a deployment may lead: whatever they hold, never an exception."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.deployment import load
from graphval.deployment.inputs import named_paths

GRAPH = """input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" name: %s input_stream: "in" output_stream: "out" }
"""
STRINGS = ["é" * 200, "x" * 255, "x" * 256, "x" * 5000, "é" * 127 + "/" + "é" * 127, "\U0001f600" * 70, "a/" * 3000]


@pytest.mark.parametrize("text", STRINGS, ids=range(len(STRINGS)))
def test_names_that_no_file_system_takes_lead_nowhere(text: str, tmp_path: Path) -> None:
    graph = tmp_path / "own.pbtxt"
    graph.write_text(GRAPH % json.dumps(text, ensure_ascii=False))
    assert list(named_paths(load(graph))) == []
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": [{"name": text}]}))
    assert [path for path in named_paths(load(config)) if "/" not in text] == []


def test_a_file_beside_a_graph_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.pbtxt").write_text(GRAPH % "'é'")
    (tmp_path / "é").touch()
    assert list(named_paths(load(tmp_path / "own.pbtxt"))) == [tmp_path / "é"]


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_name_is_looked_for(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    graph = tmp_path_factory.getbasetemp() / "any.pbtxt"
    graph.write_text(GRAPH % json.dumps(text), encoding="utf-8")
    list(named_paths(load(graph)))
