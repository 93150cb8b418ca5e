"""Every path and default of OVMS, on real folders."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphval.deployment import Deployment, InputError, Kind, Listed, discover, discover_each, load
from graphval.deployment.discovery import Discovery
from graphval.deployment.files import read_text

GRAPH = """
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
"""


def make(folder: Path, files: dict[str, str | bytes | dict[str, Any]]) -> Path:
    """Write files below ``folder``; objects become JSON."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            content = json.dumps(content)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def configured(folder: Path, graphs: list[dict[str, Any]], models: list[dict[str, Any]] = []) -> Deployment:  # noqa: B006
    wrapped = [{"config": model} for model in models]
    make(folder, {"config.json": {"model_config_list": wrapped, "mediapipe_config_list": graphs}})
    return load(folder / "config.json")


@pytest.mark.parametrize(
    ("entry", "file"),
    [
        ({"name": "meter"}, "meter/graph.pbtxt"),
        ({"name": "meter", "base_path": ""}, "meter/graph.pbtxt"),
        ({"name": "meter", "base_path": "other"}, "other/graph.pbtxt"),
        ({"name": "meter", "base_path": "other/"}, "other/graph.pbtxt"),
        ({"name": "meter", "base_path": "./other/sub/.."}, "other/graph.pbtxt"),
        ({"name": "meter", "graph_path": "meter.pbtxt"}, "meter/meter.pbtxt"),
        ({"name": "meter", "base_path": "other", "graph_path": "../meter/meter.pbtxt"}, "meter/meter.pbtxt"),
        ({"name": "a/b"}, "a/b/graph.pbtxt"),
        ({"name": ""}, "graph.pbtxt"),
    ],
)
@pytest.mark.parametrize("listed", [Listed.MEDIAPIPE_LIST, Listed.MODEL_LIST])
def test_where_a_graph_file_is(tmp_path: Path, entry: dict[str, str], file: str, listed: Listed) -> None:
    names = (
        "meter/graph.pbtxt",
        "meter/meter.pbtxt",
        "other/graph.pbtxt",
        "other/sub/x",
        "a/b/graph.pbtxt",
        "graph.pbtxt",
    )
    make(tmp_path, dict.fromkeys(names, GRAPH))
    in_models = listed is Listed.MODEL_LIST
    deployment = configured(tmp_path, [] if in_models else [entry], [entry] if in_models else [])
    [graph] = deployment.graphs
    assert graph.file.resolve() == (tmp_path / file).resolve()
    assert (graph.listed, graph.name, graph.unreadable) == (listed, entry["name"], "")
    assert graph.source is not None
    assert graph.name_place is not None
    assert graph.name_place.text == json.dumps(entry["name"])


def test_paths_may_be_absolute_and_the_base_path_is_where_options_start(tmp_path: Path) -> None:
    make(tmp_path, {"far/away/g.pbtxt": GRAPH, "base/x": ""})
    entry = {"name": "m", "base_path": str(tmp_path / "base"), "graph_path": str(tmp_path / "far/away/g.pbtxt")}
    [graph] = configured(tmp_path / "here", [entry]).graphs
    assert graph.source is not None
    assert graph.base_path == tmp_path / "base"


def test_a_version_folder_becomes_the_base_path(tmp_path: Path) -> None:
    make(tmp_path, {"m/1/graph.pbtxt": GRAPH})
    [graph] = configured(tmp_path, [], [{"name": "m", "graph_path": "other.pbtxt"}]).graphs
    assert (graph.base_path, graph.file) == (tmp_path / "m/1", tmp_path / "m/1/graph.pbtxt")


def test_a_graph_path_that_does_not_resolve_makes_a_model_of_the_entry(tmp_path: Path) -> None:
    make(tmp_path, {"m/graph.pbtx": GRAPH})
    deployment = configured(tmp_path, [], [{"name": "m", "base_path": "m", "graph_path": "graph.pbtx "}])
    assert deployment.graphs == ()
    [model] = deployment.models
    assert (model.name, model.base_path, model.versions) == ("m", tmp_path / "m", ())
    assert "no version folder" in model.problem


def test_a_listed_graph_without_file_is_kept_with_the_reason(tmp_path: Path) -> None:
    make(tmp_path, {"dir/graph.pbtxt/x": ""})
    missing, folder = configured(tmp_path, [{"name": "gone"}, {"name": "dir"}]).graphs
    assert (missing.source, folder.source) == (None, None)
    assert missing.unreadable.endswith("gone/graph.pbtxt does not exist")
    assert folder.unreadable.endswith("dir/graph.pbtxt is a directory")


@pytest.mark.parametrize(
    ("files", "written", "found"),
    [
        (("subconfig.json", "config.json"), None, "subconfig.json"),
        (("config.json",), None, "config.json"),
        (("models.json", "subconfig.json"), "models.json", "models.json"),
        ((), None, None),
        ((), "models.json", None),
    ],
)
def test_which_subconfig_is_read(
    tmp_path: Path, files: tuple[str, ...], written: str | None, found: str | None
) -> None:
    make(tmp_path, {"m/graph.pbtxt": GRAPH})
    for name in files:
        entry = {"config": {"name": f"from {name}", "base_path": "models/x"}}
        make(tmp_path / "m", {name: {"model_config_list": [entry]}})
    deployment = configured(tmp_path, [{"name": "m"} | ({"subconfig": written} if written else {})])
    assert [model.name for model in deployment.models] == ([f"from {found}"] if found else [])
    assert [model.base_path for model in deployment.models] == ([tmp_path / "m/models/x"] if found else [])
    assert [model.subconfig_of for model in deployment.models] == (["m"] if found else [])
    assert len(deployment.documents) == 1 + bool(found)


def test_a_subconfig_of_two_graphs_is_read_once_and_its_graphs_are_ignored(tmp_path: Path) -> None:
    inner = {"config": {"name": "inner", "base_path": "inner"}}
    model = {"config": {"name": "net", "base_path": "net"}}
    make(
        tmp_path,
        {
            "m/graph.pbtxt": GRAPH,
            "m/inner/graph.pbtxt": GRAPH,
            "m/subconfig.json": {"model_config_list": [inner, model], "mediapipe_config_list": [{"name": "x"}]},
        },
    )
    deployment = configured(tmp_path, [{"name": "a", "base_path": "m"}, {"name": "b", "base_path": "m"}])
    assert [graph.name for graph in deployment.graphs] == ["a", "b"]
    assert [model.name for model in deployment.models] == ["net"]


@pytest.mark.parametrize(
    "content", [b"[]", b"{", b"", b"\xff\xfe", b'"x"', b"null", b'{"model_config_list": {}}', b"{" * (1 << 20)]
)
def test_a_config_that_is_none_has_no_graphs_and_says_so_by_its_document(tmp_path: Path, content: bytes) -> None:
    make(tmp_path, {"config.json": content, "graph/graph.pbtxt": GRAPH})
    deployment = load(tmp_path / "config.json")
    assert (deployment.kind, deployment.graphs, deployment.models) == (Kind.CONFIG, (), ())
    assert deployment.config_document is not None


@pytest.mark.parametrize("content", [b"[]", b"{", b"", b"\xff", b'{"model_config_list": [1, {"config": 2}, {}]}'])
def test_a_subconfig_that_is_none_has_no_models(tmp_path: Path, content: bytes) -> None:
    make(tmp_path, {"m/graph.pbtxt": GRAPH, "m/subconfig.json": content})
    deployment = configured(tmp_path, [{"name": "m"}])
    assert [graph.name for graph in deployment.graphs] == ["m"]
    assert deployment.models == ()


def test_two_graphs_of_one_name_are_both_kept_in_order(tmp_path: Path) -> None:
    make(tmp_path, {"a/graph.pbtxt": GRAPH, "b/graph.pbtxt": GRAPH})
    deployment = configured(tmp_path, [{"name": "g", "base_path": "a"}, {"name": "g", "base_path": "b"}])
    assert [graph.base_path.name for graph in deployment.graphs] == ["a", "b"]


def test_the_first_model_of_a_name_answers(tmp_path: Path) -> None:
    deployment = configured(tmp_path, [], [{"name": "n", "base_path": "a"}, {"name": "n", "base_path": "b"}])
    model = deployment.model("n")
    assert model is deployment.models[0]
    assert deployment.model("N") is None


def test_a_relative_path_is_read_from_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"d/config.json": {"model_config_list": [], "mediapipe_config_list": [{"name": "m"}]}})
    make(tmp_path, {"d/m/graph.pbtxt": GRAPH})
    monkeypatch.chdir(tmp_path / "d")
    [graph] = load("config.json").graphs
    assert graph.base_path == tmp_path / "d/m"
    assert graph.display == "m/graph.pbtxt"
    monkeypatch.chdir(tmp_path)
    [deployment] = discover(["d"])
    assert deployment.graphs[0].display == "d/m/graph.pbtxt"


def test_links_are_followed_and_loops_end(tmp_path: Path) -> None:
    make(tmp_path, {"real/graph.pbtxt": GRAPH, "tree/x/graph.pbtxt": GRAPH})
    (tmp_path / "tree/again").symlink_to(tmp_path / "tree")
    (tmp_path / "tree/real").symlink_to(tmp_path / "real")
    (tmp_path / "tree/self").symlink_to(tmp_path / "tree/self")
    (tmp_path / "tree/gone.pbtxt").symlink_to(tmp_path / "nowhere")
    found = discover([tmp_path / "tree"])
    assert sorted(deployment.graphs[0].name for deployment in found) == ["real", "x"]
    (tmp_path / "m").symlink_to(tmp_path / "real")
    [graph] = configured(tmp_path, [{"name": "m"}]).graphs
    assert graph.source is not None


@pytest.mark.parametrize(("link", "met"), [("tree/a", "a"), ("tree/z", "m"), ("tree/n/a", "m"), ("tree/l/a", "a")])
def test_a_folder_that_a_link_leads_to_is_met_once(tmp_path: Path, link: str, met: str) -> None:
    make(tmp_path, {"tree/m/graph.pbtxt": GRAPH, "tree/o/graph.pbtxt": GRAPH})
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(tmp_path / "tree/m")
    assert [deployment.graphs[0].name for deployment in discover([tmp_path / "tree"])] == [met, "o"]


def test_a_folder_that_vanishes_once_it_was_looked_at_stops_no_search(tmp_path: Path) -> None:
    make(tmp_path, {"a/graph.pbtxt": GRAPH, "b/c/graph.pbtxt": GRAPH, "d/graph.pbtxt": GRAPH})
    (tmp_path / "b/link").symlink_to(tmp_path / "d")
    search = Discovery([tmp_path])
    [first] = search.next(1)
    shutil.rmtree(first.path)
    found, refused = search.rest()
    assert [deployment.graphs[0].name for deployment in found] == ["a", "c", "link"]
    assert refused == []


def test_a_folder_is_searched_for_deployments(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "a/graph.pbtxt": GRAPH,
            "a/config.json": {"model_config_list": []},
            "b/config.json": {"model_config_list": []},
            "b/inside/graph.pbtxt": GRAPH,
            "c/one.pbtxt": GRAPH,
            "c/two.pbtxt": GRAPH,
            "d/1/graph.pbtxt": GRAPH,
            "llm/config.json": {"model_type": "llama"},
            "llm/other.pbtxt": GRAPH,
            ".hidden/graph.pbtxt": GRAPH,
            "empty/readme": "",
        },
    )
    found = discover([tmp_path])
    kinds = {str(d.path.relative_to(tmp_path)): d.kind for d in found}
    assert kinds == {
        "a": Kind.DIRECTORY,
        "b/config.json": Kind.CONFIG,
        "c/one.pbtxt": Kind.FILE,
        "c/two.pbtxt": Kind.FILE,
        "d": Kind.DIRECTORY,
        "llm/other.pbtxt": Kind.FILE,
    }
    assert [d.path for d in discover([tmp_path, tmp_path / "a", tmp_path / "./a"])] == [d.path for d in found]


def test_what_can_be_judged_is_found_once_and_the_rest_comes_with_its_reason(tmp_path: Path) -> None:
    make(tmp_path, {"a/graph.pbtxt": GRAPH, "b/graph.pbtxt": GRAPH, "empty/readme": ""})
    paths = [tmp_path / "a", tmp_path / "b/../a", tmp_path / "gone", tmp_path, tmp_path / "empty"]
    found, refused = discover_each(paths)
    assert [deployment.path for deployment in found] == [tmp_path / "a", tmp_path / "b"]
    assert [path for path, _ in refused] == [tmp_path / "gone", tmp_path / "empty"]
    assert "does not exist" in str(refused[0][1])
    assert "holds no graph.pbtxt" in str(refused[1][1])


def test_a_directory_takes_its_name_and_its_subconfig(tmp_path: Path) -> None:
    subconfig = {"model_config_list": [{"config": {"name": "net", "base_path": "net"}}]}
    make(tmp_path, {"chat/graph.pbtxt": GRAPH, "chat/subconfig.json": subconfig})
    deployment = load(tmp_path / "chat")
    assert (deployment.kind, deployment.graphs[0].name) == (Kind.DIRECTORY, "chat")
    assert [(model.name, model.subconfig_of) for model in deployment.models] == [("net", "chat")]
    assert deployment.config_document is None


@pytest.mark.parametrize(
    ("make_path", "reason"),
    [
        ("gone", "does not exist"),
        ("x" * 300, "does not exist"),
        ("a\0b", "does not exist"),
        ("empty", "holds no graph.pbtxt and no config.json"),
        ("fifo", "is neither a file nor a folder"),
        ("broken", "is neither a file nor a folder"),
        ("dir", "is a directory"),
        ("binary.dat", "is a binary file"),
    ],
)
def test_what_cannot_be_judged_is_one_line(tmp_path: Path, make_path: str, reason: str) -> None:
    make(tmp_path, {"binary.dat": b"\x00\x01\x02" * 99, "dir/graph.pbtxt/x": "", "empty/sub/readme": ""})
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError) as refused:
        discover([tmp_path / make_path])
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_that_cannot_be_listed_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        discover([tmp_path])


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"m/graph.pbtxt": GRAPH})

    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    source, problems, why = read_text(tmp_path / "m/graph.pbtxt")
    assert (source, problems) == (None, [])
    assert why.endswith("graph.pbtxt cannot be read: Permission denied")


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="no files without a size here")
def test_a_file_that_has_no_size_is_read_whole() -> None:
    source, problems, why = read_text("/proc/self/status")
    assert source is not None
    assert (source.text.partition(":")[0], source.text[-1:], problems, why) == ("Name", "\n", [], "")
    assert len(source.text) > 100


keys = st.sampled_from(["name", "base_path", "graph_path", "subconfig", "config", "model_config_list", "target_device"])
words = st.sampled_from(
    ["m", "", "..", "/", ".", "x" * 300, "a\0b", "\ud800", "m/graph.pbtxt", "graph.pbtxt", "s3://b/m"]
)
anything = st.recursive(
    words | st.none() | st.integers(-2, 3) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
entries = st.lists(
    st.fixed_dictionaries({"name": words}, optional=dict.fromkeys(["base_path", "graph_path"], anything))
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(entries | anything, entries | anything, st.booleans())
def test_any_config_is_loaded(tmp_path: Path, graphs: Any, models: Any, wrapped: bool) -> None:
    make(tmp_path, {"m/graph.pbtxt": GRAPH})
    if wrapped and isinstance(models, list):
        models = [{"config": model} for model in models]
    text = json.dumps({"model_config_list": models, "mediapipe_config_list": graphs})
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    deployment = load(tmp_path / "config.json")
    assert deployment.kind is Kind.CONFIG
    for graph in deployment.graphs:
        assert (graph.source is None) == bool(graph.unreadable)
    for model in deployment.models:
        assert set(model.served) <= set(model.versions)
