"""What a server is given is what the deployment is, but for the graphs that are left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphval.deployment import Deployment, Kind, load
from graphval.deployment.stage import stage

from .test_load import GRAPH, configured, make

NONE: frozenset[str] = frozenset()


def graphs(deployment: Deployment) -> list[tuple[str, str, bool]]:
    return [(graph.name, str(graph.file.absolute()), graph.source is not None) for graph in deployment.graphs]


def models(deployment: Deployment) -> set[tuple[str, str, tuple[int, ...]]]:
    """The models that are looked for at a place of their own."""
    return {
        (
            model.name,
            model.config["base_path"] if "://" in str(model.config.get("base_path")) else _place(model.base_path),
            model.served,
        )
        for model in deployment.models
        if model.config.get("base_path") or "graph_path" not in model.config
    }


def _place(path: Path) -> str:
    """Absolute, as it is written: ``..`` would be lost by resolving it."""
    return str(path.absolute())


def staged(deployment: Deployment, without: frozenset[str], folder: Path) -> Deployment:
    folder.mkdir(exist_ok=True)
    arguments = stage(deployment, without, folder)
    assert arguments.config_file is not None
    assert arguments.words == ("--config_path", str(arguments.config_file))
    return load(arguments.config_file)


def test_a_directory_is_served_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"chat/graph.pbtxt": GRAPH})
    monkeypatch.chdir(tmp_path)
    arguments = stage(load("chat"), NONE, tmp_path)
    assert arguments.words == ("--model_path", str(tmp_path / "chat"), "--model_name", "chat")
    assert arguments.config_file is None


def test_a_directory_without_its_graph_is_a_server_without_graphs(tmp_path: Path) -> None:
    make(tmp_path, {"chat/graph.pbtxt": GRAPH})
    assert graphs(staged(load(tmp_path / "chat"), frozenset({"chat"}), tmp_path / "stage")) == []


def test_a_file_is_served_through_a_config_that_names_it(tmp_path: Path) -> None:
    make(tmp_path, {"here/echo.pbtxt": GRAPH})
    deployment = load(tmp_path / "here/echo.pbtxt")
    assert deployment.kind is Kind.FILE
    assert graphs(staged(deployment, NONE, tmp_path / "stage")) == graphs(deployment)


def test_names_and_paths_need_not_be_utf8(tmp_path: Path) -> None:
    make(tmp_path, {"caf\udce9/graph.pbtxt": GRAPH})
    (tmp_path / "config.json").write_bytes(
        b'{"model_config_list": [], "mediapipe_config_list": [{"name": "n\xe9", "base_path": "caf\xe9"}]}'
    )
    deployment = load(tmp_path / "config.json")
    [(name, _, readable)] = graphs(deployment)
    assert (name, readable) == ("n\udce9", True)
    assert graphs(staged(deployment, NONE, tmp_path / "stage")) == graphs(deployment)


def big(folder: Path) -> Deployment:
    """A config.json with every kind of entry."""
    inner = {"model_config_list": [{"config": {"name": "inner", "base_path": "models/inner"}}]}
    make(
        folder,
        {
            "a/graph.pbtxt": GRAPH,
            "a/subconfig.json": inner,
            "a/models/inner/1/model.onnx": "x",
            "far/b.pbtxt": GRAPH,
            "c/graph.pbtxt": GRAPH,
            "net/3/model.onnx": "x",
        },
    )
    config = {
        "model_config_list": [
            {"config": {"name": "net", "base_path": "net", "nireq": 2}},
            {"config": {"name": "c", "base_path": "c"}},
            {"config": {"name": "up", "base_path": "x/../net"}},
            {"config": {"name": "cloud", "base_path": "s3://bucket/net"}},
            {"config": {"name": "gone", "graph_path": "gone.pbtxt"}},
        ],
        "mediapipe_config_list": [{"name": "a"}, {"name": "b", "base_path": "far", "graph_path": "b.pbtxt"}],
        "monitoring": {"metrics": {"enable": True}},
    }
    make(folder, {"config.json": config})
    return load(folder / "config.json")


@pytest.mark.parametrize("without", [(), ("a",), ("c",), ("a", "b", "c"), ("unknown",)])
def test_a_config_keeps_all_but_the_graphs_left_out(tmp_path: Path, without: tuple[str, ...]) -> None:
    deployment = big(tmp_path / "here")
    found = staged(deployment, frozenset(without), tmp_path / "stage")
    assert graphs(found) == [entry for entry in graphs(deployment) if entry[0] not in without]
    assert models(found) == models(deployment)
    document = found.config_document
    assert document is not None
    assert document.problems == ()
    assert document.root is not None
    plain: dict[str, Any] = document.root.plain()
    assert plain["monitoring"] == {"metrics": {"enable": True}}
    assert plain["model_config_list"][0]["config"]["nireq"] == 2


def test_a_path_that_ovms_refuses_is_left_as_it_is(tmp_path: Path) -> None:
    found = staged(big(tmp_path / "here"), NONE, tmp_path / "stage")
    assert [model.problem.rpartition(" ")[2] for model in found.models if model.name == "up"] == [".."]


def test_a_graph_path_that_does_not_resolve_does_not_begin_to(tmp_path: Path) -> None:
    make(tmp_path / "here", {"meter/graph.pbtxt": GRAPH})
    deployment = configured(tmp_path / "here", [], [{"name": "m", "graph_path": "meter/graph.pbtxt"}])
    assert graphs(deployment) == graphs(staged(deployment, NONE, tmp_path / "stage")) == []


@pytest.mark.parametrize("text", ["[]", "{", '{"model_config_list": [],}', "", '"x"'])
def test_a_config_that_is_none_is_given_to_the_server_as_it_is(tmp_path: Path, text: str) -> None:
    make(tmp_path, {"config.json": text})
    arguments = stage(load(tmp_path / "config.json"), frozenset({"a"}), tmp_path / "unused")
    assert arguments.config_file == tmp_path / "config.json"
    assert arguments.config_file.read_text() == text


names = st.sampled_from(["a", "b", "c", ""])
paths = st.sampled_from(["", "a", "far", "./c", "nowhere", "c/../far"])
entry = st.fixed_dictionaries(
    {"name": names}, optional={"base_path": paths, "graph_path": st.sampled_from(["b.pbtxt", "graph.pbtxt"])}
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(entry, max_size=4), st.lists(entry, max_size=3), st.frozensets(names))
def test_staging_keeps_every_path(
    tmp_path: Path, listed: list[Any], in_models: list[Any], without: frozenset[str]
) -> None:
    here = tmp_path / "here"
    make(here, {"a/graph.pbtxt": GRAPH, "far/b.pbtxt": GRAPH, "c/graph.pbtxt": GRAPH, "c/1/graph.pbtxt": GRAPH})
    deployment = configured(here, listed, in_models)
    found = staged(deployment, without, tmp_path / "stage")
    kept = [entry for entry in graphs(deployment) if entry[0] not in without]
    assert [(name, Path(file).resolve(), read) for name, file, read in graphs(found)] == [
        (name, Path(file).resolve(), read) for name, file, read in kept
    ]
    assert json.dumps(sorted(models(found))) == json.dumps(sorted(models(deployment)))
