"""Graphs behind one whose preparation throws: which mistakes of which nodes keep the others from being loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.rules.run import judge

from .genai_deployments import GOOD, Case

ECHO = (
    'input_stream: "in"\noutput_stream: "out"\n'
    'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }\n'
)
NO_MODEL, NO_JSON, NO_KEY = "no model", "plugin_config is no JSON", "a key that no device has"
NO_TOKENIZER = "a tokenizer that is asked for a token"
NO_CONFIG, NO_GENERATION, EVICTION, NO_DEVICE = "config.json", "generation_config.json", "eviction", "no such device"


def faulty(kind: str, fault: str) -> Case:
    case = GOOD[kind]
    device = "device" if kind in ("llm", "image") else "target_device"
    if fault == NO_MODEL:
        return case.without_option("models_path").with_option('models_path: "gone"')
    if fault == NO_JSON:
        return case.with_option("plugin_config: '{nothing'")
    if fault == NO_KEY:
        return case.without_option(device).with_option(f'{device}: "CPU" plugin_config: \'{{"NO_SUCH_KEY": 1}}\'')
    if fault == EVICTION:
        return case.with_option("cache_eviction_config { start_size: 0 recent_size: 32 max_cache_size: 96 }")
    if fault == NO_DEVICE:
        return case.without_option(device).with_option(f'{device}: "TPU"')
    if fault == NO_TOKENIZER:
        case = case.with_file("model/tokenizer_config.json", '{"pad_token": "<pad>"}')
        return case.with_file("model/config.json", "{}").without_file("model/openvino_tokenizer.xml")
    return case.with_file(f"model/{fault}", "{")


@pytest.mark.parametrize(
    ("kind", "fault", "skipped"),
    [
        ("embeddings", NO_MODEL, True),
        ("rerank", NO_MODEL, True),
        ("listen", NO_MODEL, True),
        ("llm", NO_MODEL, False),
        ("speak", NO_MODEL, False),
        ("image", NO_MODEL, False),
        ("embeddings", NO_DEVICE, True),
        ("rerank", NO_DEVICE, True),
        ("listen", NO_DEVICE, True),
        ("llm", NO_DEVICE, False),
        ("embeddings", NO_KEY, True),
        ("rerank", NO_KEY, True),
        ("listen", NO_KEY, True),
        ("llm", NO_KEY, False),
        ("embeddings", NO_JSON, False),
        ("rerank", NO_JSON, False),
        ("listen", NO_JSON, True),
        ("llm", NO_JSON, False),
        ("embeddings", NO_CONFIG, True),
        ("rerank", NO_CONFIG, True),
        ("listen", NO_CONFIG, True),
        ("speak", NO_CONFIG, True),
        ("llm", NO_CONFIG, False),
        ("llm", NO_GENERATION, True),
        ("embeddings", NO_TOKENIZER, True),
        ("rerank", NO_TOKENIZER, True),
        ("llm", NO_TOKENIZER, False),
        ("llm", EVICTION, True),
    ],
)
def test_what_keeps_later_graphs_from_being_loaded(kind: str, fault: str, skipped: bool, tmp_path: Path) -> None:
    faulty(kind, fault).write(tmp_path / "first")
    (tmp_path / "second").mkdir()
    (tmp_path / "second/graph.pbtxt").write_text(ECHO, encoding="utf-8")
    graphs = [{"name": "first"}, {"name": "second"}]
    config = {"model_config_list": [], "mediapipe_config_list": graphs}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    judgement = judge(load(tmp_path / "config.json"), load_catalog())
    found = [*judgement.findings, *(finding for graph in judgement.graphs for finding in graph.findings)]
    assert [f.graph for f in found if f.code == "GV613"] == (["second"] if skipped else [])
    assert [f.code for f in found if f.graph == "first"]
