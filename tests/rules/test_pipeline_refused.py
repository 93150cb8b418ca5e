"""What keeps a pipeline of config.json from being loaded: one mistake in a sound one, said once and at its place.

Source: OVMS `src/dags/pipelinedefinition.cpp` (2026.4).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .test_deployment_rules import MODEL, Site

Change = Callable[[dict[str, Any]], Any]
PIPELINE: dict[str, Any] = {
    "name": "plant",
    "inputs": ["level"],
    "nodes": [
        {
            "name": "first",
            "type": "DL model",
            "model_name": "gauge",
            "inputs": [{"level": {"node_name": "request", "data_item": "level"}}],
            "outputs": [{"data_item": "volume", "alias": "filled"}],
        },
        {
            "name": "second",
            "type": "DL model",
            "model_name": "other",
            "inputs": [{"level": {"node_name": "first", "data_item": "filled"}}],
            "outputs": [{"data_item": "volume", "alias": "volume"}],
        },
    ],
    "outputs": [{"volume": {"node_name": "second", "data_item": "volume"}}],
}


def told(folder: Path, change: Change, **settings: Any) -> list[str]:
    """Each finding with the text that it points to."""
    site = Site(folder)
    site.write("other/1/model.xml", MODEL)
    site.write("other/1/model.bin", "0" * 12)
    site.config["model_config_list"].append({"config": {"name": "other", "base_path": "other", **settings}})
    pipeline = copy.deepcopy(PIPELINE)
    change(pipeline)
    site.config["pipeline_config_list"] = [pipeline]
    found = site.findings()
    lines = (folder / "config.json").read_text().splitlines()
    shown = [lines[f.location.line - 1][f.location.column - 1 :].partition("\n")[0].rstrip(" ,:{") for f in found]
    return [f"{f.code} {f.message} [{text}]" for f, text in zip(found, shown, strict=True)]


def node(number: int, **settings: Any) -> Change:
    return lambda pipeline: pipeline["nodes"][number].update(settings)


def fed(number: int, name: str, node_name: str, data_item: str) -> Change:
    return node(number, inputs=[{name: {"node_name": node_name, "data_item": data_item}}])


def answered(node_name: str, data_item: str) -> Change:
    return lambda pipeline: pipeline.update(outputs=[{"volume": {"node_name": node_name, "data_item": data_item}}])


FAULTS: dict[str, tuple[Change, str]] = {
    "name of a model": (
        lambda pipeline: pipeline.update(name="gauge"),
        '"gauge" is also the name of a model, which wins ["gauge"]',
    ),
    "unknown model": (node(1, model_name="othr"), 'no model is called "othr" ["othr"]'),
    "a graph for a model": (node(1, model_name="meter"), 'no model is called "meter" ["meter"]'),
    "version that is not there": (node(0, version=3), 'version 3 of "gauge" is not served, but 1 [3]'),
    "unknown library": (
        lambda pipeline: pipeline["nodes"].append({**copy.deepcopy(LIBRARY_NODE), "library_name": "lib"}),
        'no library is called "lib" ["lib"]',
    ),
    "node twice": (node(1, name="first"), 'there already is a node called "first" ["first"]'),
    "node named like the request": (node(1, name="request"), 'every pipeline has a node called "request" ["request"]'),
    "unknown node": (fed(1, "level", "frist", "filled"), 'no node is called "frist" ["frist"]'),
    "from the response": (
        fed(1, "level", "response", "filled"),
        'nothing comes from "response", where a pipeline ends ["response"]',
    ),
    "the name that the model has": (
        fed(1, "level", "first", "volume"),
        'the node "first" gives no "volume" ["volume"]',
    ),
    "unknown input": (fed(0, "levels", "request", "level"), 'the model of the node has no input "levels" ["levels"]'),
    "input that the request lacks": (
        fed(0, "level", "request", "depth"),
        'the node "request" gives no "depth" ["depth"]',
    ),
    "unknown output": (
        node(0, outputs=[{"data_item": "volum", "alias": "filled"}]),
        'the model of the node has no output "volum" ["volum"]',
    ),
    "no input": (node(1, inputs=[]), 'the input "level" of its model is not connected ["second"]'),
    "input twice": (
        lambda pipeline: pipeline["nodes"][0]["inputs"].append(copy.deepcopy(pipeline["nodes"][0]["inputs"][0])),
        'the input "level" is connected twice ["level"]',
    ),
    "answer of no node": (answered("third", "volume"), 'no node is called "third" ["third"]'),
    "answer that is not given": (answered("second", "filled"), 'the node "second" gives no "filled" ["filled"]'),
    "loop": (fed(0, "level", "second", "volume"), 'the node "second" waits for what it gives itself ["second"]'),
    "itself": (fed(1, "level", "second", "volume"), 'the node "second" waits for what it gives itself ["second"]'),
    "loose end": (
        fed(1, "level", "request", "level"),
        'nothing leads from the node "first" to the response ["first"]',
    ),
    "gathered from no node": (node(1, gather_from_node="third"), 'no node is called "third" ["third"]'),
    "gathered from one that splits nothing": (
        node(1, gather_from_node="first"),
        'nothing can be gathered from "first", which has no demultiply_count ["first"]',
    ),
}
LIBRARY_NODE: dict[str, Any] = {
    "name": "third",
    "type": "custom",
    "inputs": [{"x": {"node_name": "request", "data_item": "level"}}],
    "outputs": [{"data_item": "y", "alias": "y"}],
}


def test_a_sound_pipeline_is_sound(tmp_path: Path) -> None:
    assert told(tmp_path, lambda pipeline: None) == []


@pytest.mark.parametrize(("change", "said"), FAULTS.values(), ids=FAULTS)
def test_one_mistake_is_one_finding(tmp_path: Path, change: Change, said: str) -> None:
    assert told(tmp_path, change) == [f"GV640 {said}"]


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        ({"shape": "auto"}, True),
        ({"shape": {"level": "auto"}}, True),
        ({"batch_size": "auto"}, True),
        ({"shape": "(1,3)"}, False),
        ({"shape": "(-1,3)"}, False),
        ({"batch_size": 0}, False),
    ],
)
def test_models_that_choose_their_shape_for_each_request(
    tmp_path: Path, settings: dict[str, Any], refused: bool
) -> None:
    message = 'GV640 "other" chooses its shape for each request, which no model of a pipeline may do ["other"]'
    assert told(tmp_path, lambda pipeline: None, **settings) == ([message] if refused else [])


def test_a_model_that_does_not_load_is_said_where_it_is_configured(tmp_path: Path) -> None:
    assert [text[:5] for text in told(tmp_path, lambda pipeline: None, target_device="CPU", base_path="gone")] == [
        "GV614"
    ]


def test_sessions_on_a_refused_pipeline_are_named(tmp_path: Path) -> None:
    site = Site(tmp_path)
    pipeline = copy.deepcopy(PIPELINE)
    site.config["pipeline_config_list"] = [pipeline]
    site.replace("meter/graph.pbtxt", 'servable_name: "gauge"', 'servable_name: "plant"')
    (finding,) = site.findings()
    assert [related.message for related in finding.related] == ["this session needs it"]
