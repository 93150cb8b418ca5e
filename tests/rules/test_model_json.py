"""Which JSON files of a model are read, by kind of node, and what in them is not read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from graphval.deployment.json_text import MAX_DEPTH, MAX_VALUES
from graphval.findings import Finding

from .genai_deployments import GOOD, findings

FILES = ("config.json", "tokenizer_config.json", "generation_config.json", "preprocessor_config.json")
READ = {
    "llm": {"config.json", "tokenizer_config.json", "generation_config.json"},
    "vlm": {"config.json", "tokenizer_config.json", "generation_config.json"},
    "embeddings": {"config.json", "tokenizer_config.json"},
    "rerank": {"config.json", "tokenizer_config.json"},
    "listen": {"config.json"},
    "speak": {"config.json"},
    "image": set[str](),
}


def told(found: list[Finding], folder: Path, code: str) -> list[str]:
    return [
        f"{Path(f.location.file).relative_to(folder)}:{f.location.line} {f.message}" for f in found if f.code == code
    ]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", READ)
def test_files_that_are_read(kind: str, name: str, tmp_path: Path) -> None:
    found = findings(GOOD[kind].with_file(f"model/{name}", '{\n"a": }'), tmp_path)
    assert bool(told(found, tmp_path, "GV761")) is (name in READ[kind])
    for finding in found:
        if finding.code == "GV761":
            assert told([finding], tmp_path, "GV761")[0].startswith(f"model/{name}:2 {name} of the model is no JSON: ")
            assert [near.message for near in finding.related] == ["the model of this node"]


@pytest.mark.parametrize("text", ["[" * (MAX_DEPTH + 2), json.dumps([0] * (MAX_VALUES + 1))])
def test_what_is_more_than_is_read_is_no_mistake(text: str, tmp_path: Path) -> None:
    assert told(findings(GOOD["speak"].with_file("model/config.json", text), tmp_path), tmp_path, "GV761") == []


def test_a_model_of_one_file_has_no_json(tmp_path: Path) -> None:
    case = replace(GOOD["llm"], options=('models_path: "model.gguf"',), files={"model.gguf": "{"})
    assert told(findings(case, tmp_path), tmp_path, "GV761") == []


@pytest.mark.parametrize(
    ("kind", "missing", "told_of"),
    [
        ("listen", ("config.json",), ["graph.pbtxt:11 the model has no config.json"]),
        ("listen", (), []),
        ("speak", ("config.json",), []),
        ("listen", ("config.json", "openvino_encoder_model.xml", "openvino_decoder_model.xml"), []),
    ],
)
def test_speech_cannot_do_without_its_config(
    kind: str, missing: tuple[str, ...], told_of: list[str], tmp_path: Path
) -> None:
    case = GOOD[kind].without_file(*(f"model/{name}" for name in missing)).with_file("model/README.md", "")
    assert told(findings(case, tmp_path), tmp_path, "GV761") == told_of


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("ReadValue ScaledDotProductAttention", None),
        ("PagedAttentionExtension", None),
        ("ReadValue PagedAttentionExtension", None),
        ("ScaledDotProductAttention", "keeps no state, which continuous batching needs"),
        ("", "keeps no state, which continuous batching needs"),
        ("ReadValue", "has no ScaledDotProductAttention, which continuous batching needs"),
        ("ReadValue PagedAttention", "has no ScaledDotProductAttention, which continuous batching needs"),
    ],
)
def test_operations_that_continuous_batching_needs(layers: str, message: str | None, tmp_path: Path) -> None:
    text = "<net>" + "".join(f'<layer type="{name}"/>' for name in layers.split()) + "</net>\n"
    found = findings(GOOD["llm"].with_file("model/openvino_model.xml", text), tmp_path)
    assert [(f.code, f.message.partition(" ")[2]) for f in found] == ([("GV764", message)] if message else [])
