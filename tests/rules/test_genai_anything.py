"""Whatever a graph names and whatever lies in a model's folder: findings or skips, never an exception."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .genai_deployments import GOOD, Case, findings
from .judging import judged

JSON_LIKE = st.recursive(
    st.sampled_from(["1", "-0.5", "1e400", "9223372036854775808", "true", "null", '"x"', '"\\u00e9"', "'", "nan", ""]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.lists(
            st.tuples(st.sampled_from(['"NUM_STREAMS"', '"DEVICE_PROPERTIES"', '"CPU"', '"x"', "x"]), inner), max_size=3
        ).map(lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"),
    ),
    max_leaves=8,
)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@settings(deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.one_of(JSON_LIKE, st.text(max_size=30)))
def test_any_plugin_config(name: str, text: str) -> None:
    case = GOOD[name].without_option("plugin_config").with_option(f"plugin_config: {quoted(text)}")
    source = case.graph
    for finding in judged(source, no_models=True).findings:
        assert 1 <= finding.location.line <= source.count("\n") + 1


FILES = (
    "config.json",
    "generation_config.json",
    "tokenizer_config.json",
    "openvino_model.xml",
    "openvino_tokenizer.xml",
)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(GOOD)),
    st.dictionaries(st.sampled_from(FILES), st.one_of(JSON_LIKE, st.text(max_size=40)), max_size=3),
)
def test_any_files_in_the_folder(name: str, files: dict[str, str]) -> None:
    good = GOOD[name]
    with tempfile.TemporaryDirectory() as folder:
        changed = {f"model/{file}": text.encode("utf-8", "replace").decode() for file, text in files.items()}
        findings(Case(good.kind, good.options, {**good.files, **changed}), Path(folder))


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    "path", ["x" * 5000, "graph.pbtxt/model", "/", "..", ".", "//", "model/../model", "~", "*", "ü"]
)
def test_any_path(name: str, path: str, tmp_path: Path) -> None:
    case = GOOD[name].without_option("models_path").with_option(f'models_path: "{path}"')
    found = findings(case, tmp_path)
    assert [f.code for f in found if f.code == "GV720"] or path in ("/", "..", ".", "//", "model/../model")


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    case = GOOD["llm"].without_file("model/openvino_model.xml")
    case.write(tmp_path)
    graph = judged(case.graph.replace('"model"', f'"{tmp_path}/model"'))
    assert {f.code for f in graph.findings} == {"GV721"}
