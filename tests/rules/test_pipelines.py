"""The form of `pipeline_config_list` in config.json: every value of another kind, every key too many or too few.

Source: OVMS `src/schema.cpp` (2026.4).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .test_deployment_rules import Site

SOURCE = {"node_name": "request", "data_item": "level"}
PIPELINE: dict[str, Any] = {
    "name": "pipe",
    "inputs": ["level"],
    "nodes": [
        {
            "name": "one",
            "type": "DL model",
            "model_name": "gauge",
            "version": 1,
            "inputs": [{"level": SOURCE}],
            "outputs": [{"data_item": "volume", "alias": "out"}],
            "demultiply_count": 2,
        },
        {
            "name": "two",
            "type": "custom",
            "library_name": "lib",
            "inputs": [{"level": {"node_name": "one", "data_item": "out"}}],
            "outputs": [{"data_item": "x", "alias": "y"}],
            "params": {"a": "b"},
            "gather_from_node": "one",
        },
    ],
    "outputs": [{"volume": {"node_name": "two", "data_item": "y"}}],
    "demultiply_count": 0,
}
OPTIONAL = {"version", "demultiply_count", "params", "gather_from_node", "a"}

Way = tuple[str | int, ...]


def places(value: Any, path: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Every value inside, with the keys and positions that lead to it."""
    yield path, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def at(pipeline: Any, path: Way) -> Any:
    for key in path:
        pipeline = pipeline[key]
    return pipeline


def told(folder: Path, pipeline: Any) -> list[str]:
    site = Site(folder)
    site.config["pipeline_config_list"] = [pipeline]
    site.config["custom_node_library_config_list"] = [{"name": "lib", "base_path": "lib.so"}]
    found = site.findings()
    assert {finding.code for finding in found} <= {"GV601", "GV640"}
    return [finding.message for finding in found if finding.code == "GV601"]


def changed(path: Way, value: Any) -> Any:
    pipeline = copy.deepcopy(PIPELINE)
    if not path:
        return value
    at(pipeline, path[:-1])[path[-1]] = value
    return pipeline


ALL = list(places(PIPELINE))
NAMES = [".".join(map(str, path)) or "all of it" for path, _ in ALL]


def test_a_sound_pipeline_is_sound(tmp_path: Path) -> None:
    assert told(tmp_path, PIPELINE) == []


@pytest.mark.parametrize(("path", "value"), ALL, ids=NAMES)
def test_values_of_another_kind(path: Way, value: Any, tmp_path: Path) -> None:
    others = [other for other in (1, "x", [1], {"k": 1}, True, None) if type(other) is not type(value)]
    for other in others:
        assert told(tmp_path, changed(path, other)), other


OBJECTS = [(path, value) for path, value in ALL if isinstance(value, dict)]


@pytest.mark.parametrize(("path", "value"), OBJECTS, ids=[".".join(map(str, path)) for path, _ in OBJECTS])
def test_keys_too_few_and_too_many(path: Way, value: dict[str, Any], tmp_path: Path) -> None:
    for key in value:
        left = {name: inner for name, inner in value.items() if name != key}
        assert bool(told(tmp_path, changed(path, left))) is (key not in OPTIONAL), key
    takes_any = path and path[-1] == "params"
    assert bool(told(tmp_path, changed(path, {**value, "unknown": "x"}))) is not takes_any


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        (("nodes", 0, "version"), (1, 2), (0, -1, 1.5)),
        (("nodes", 0, "demultiply_count"), (-1, 0, 10_000), (-2, 10_001, 0.5)),
        (("demultiply_count",), (-1, 0, 10_000), (-2, 10_001, 0.5)),
        (("nodes", 0, "type"), ("DL model",), ("dl model", "custom", "")),
        (("nodes", 1, "type"), ("custom",), ("Custom", "DL model", "")),
        (("nodes", 1, "params"), ({}, {"a": "1", "b": "2"}), ({"a": 1},)),
        (("nodes", 0, "inputs", 0), ({"x": SOURCE},), ({}, {"x": SOURCE, "y": SOURCE})),
        (("outputs", 0), ({"x": SOURCE},), ({}, {"x": SOURCE, "y": SOURCE})),
        (("nodes",), ([],), ({},)),
        (("inputs",), ([], ["a", "b"]), ("a",)),
    ],
)
def test_values_at_the_edges(path: Way, good: tuple[Any, ...], bad: tuple[Any, ...], tmp_path: Path) -> None:
    assert [value for value in good if told(tmp_path, changed(path, value))] == []
    assert [value for value in bad if not told(tmp_path, changed(path, value))] == []


@pytest.mark.parametrize(
    ("number", "more", "message"),
    [
        (0, {"library_name": "lib"}, 'a node of type "DL model" takes no library_name'),
        (1, {"model_name": "gauge"}, 'a node of type "custom" takes no model_name'),
        (0, {"type": "other"}, 'a node has no type "other"'),
    ],
)
def test_models_and_libraries(number: int, more: dict[str, str], message: str, tmp_path: Path) -> None:
    assert told(tmp_path, changed(("nodes", number), PIPELINE["nodes"][number] | more)) == [message]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (0, 'a node of type "DL model" lacks the key "model_name"'),
        (1, 'a node of type "custom" lacks the key "library_name"'),
    ],
)
def test_what_a_node_runs(number: int, message: str, tmp_path: Path) -> None:
    node = {k: v for k, v in PIPELINE["nodes"][number].items() if k not in ("model_name", "library_name")}
    assert told(tmp_path, changed(("nodes", number), node)) == [message]


LOADER = {"loader_name": "own", "library_path": "own.so"}
LISTED: dict[str, tuple[str, Any, bool]] = {
    "a loader": ("custom_loader_config_list", {"config": LOADER}, True),
    "a loader with a file": (
        "custom_loader_config_list",
        {"config": {**LOADER, "loader_config_file": "own.json"}},
        True,
    ),
    "a loader without its wrapper": ("custom_loader_config_list", LOADER, False),
    "a loader of no object": ("custom_loader_config_list", {"config": "own"}, False),
    "a loader of a list": ("custom_loader_config_list", {"config": [LOADER]}, False),
    "no config of a loader": ("custom_loader_config_list", {}, False),
    "a loader with more": ("custom_loader_config_list", {"config": LOADER, "more": 1}, False),
    "a loader without its name": ("custom_loader_config_list", {"config": {"library_path": "own.so"}}, False),
    "a loader without its library": ("custom_loader_config_list", {"config": {"loader_name": "own"}}, False),
    "a loader called by a number": ("custom_loader_config_list", {"config": {**LOADER, "loader_name": 1}}, False),
    "a loader with another key": ("custom_loader_config_list", {"config": {**LOADER, "path": "x"}}, False),
    "no object as a loader": ("custom_loader_config_list", "own", False),
    "a library": ("custom_node_library_config_list", {"name": "lib", "base_path": "lib.so"}, True),
    "a library without its path": ("custom_node_library_config_list", {"name": "lib"}, False),
    "a library without its name": ("custom_node_library_config_list", {"base_path": "lib.so"}, False),
    "a library with more": ("custom_node_library_config_list", {"name": "l", "base_path": "l", "x": 1}, False),
    "no object as a library": ("custom_node_library_config_list", ["lib"], False),
    "no object as a graph": ("mediapipe_config_list", "meter", False),
    "no object as a model": ("model_config_list", "gauge", False),
    "no object as a pipeline": ("pipeline_config_list", "pipe", False),
}


@pytest.mark.parametrize(("key", "entry", "sound"), LISTED.values(), ids=LISTED)
def test_entries_of_other_lists(key: str, entry: Any, sound: bool, tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.config[key] = [*site.config.get(key, []), entry]
    codes = {finding.code for finding in site.findings()}
    assert codes == (set() if sound else {"GV601"})
