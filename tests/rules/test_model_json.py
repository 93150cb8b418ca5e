"""Which JSON files of a model are read, by kind of node, and what in them is not read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.deployment.json_text import MAX_DEPTH, MAX_VALUES
from graphval.findings import Finding, Phase
from graphval.rules.run import judge

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


@pytest.mark.parametrize("name", FILES)
def test_files_that_openvino_genai_reads_are_utf8(name: str, tmp_path: Path) -> None:
    findings(GOOD["llm"], tmp_path)
    (tmp_path / "model" / name).write_bytes(b'{"a":\n"caf\xe9"}')
    found = list(judge(load(tmp_path), load_catalog()).graphs[0].findings)
    wrong = [f"model/{name}:2 {name} of the model is no JSON: byte 0xE9 is no UTF-8 text"]
    assert told(found, tmp_path, "GV761") == (
        wrong if name in ("generation_config.json", "tokenizer_config.json") else []
    )


def test_a_model_of_one_file_has_no_json(tmp_path: Path) -> None:
    case = replace(GOOD["llm"], options=('models_path: "model.gguf"',), files={"model.gguf": "{"})
    assert told(findings(case, tmp_path), tmp_path, "GV761") == []


@pytest.mark.parametrize(
    ("kind", "missing", "told_of"),
    [
        ("listen", ("config.json",), ["graph.pbtxt:11 the model has no config.json"]),
        ("listen", (), []),
        ("speak", ("config.json",), []),
        (
            "listen",
            ("config.json", "openvino_encoder_model.xml", "openvino_decoder_model.xml", "openvino_detokenizer.xml"),
            [],
        ),
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


NUMBERS = (
    "max_new_tokens max_length min_new_tokens eos_token_id num_beam_groups num_beams diversity_penalty length_penalty "
    "num_return_sequences no_repeat_ngram_size temperature top_p top_k repetition_penalty presence_penalty "
    "frequency_penalty assistant_confidence_threshold max_ngram_size logprobs min_p"
)
BOOLEANS = "ignore_eos do_sample echo include_stop_str_in_output"
"""OpenVINO GenAI `src/cpp/src/generation_config.cpp` (2026.4)."""


@pytest.mark.parametrize(
    ("name", "called", "good", "bad"),
    [
        *((name, "a number", ("1", "-0.5", "null", "[1]"), ('"1"', "true", "{}")) for name in NUMBERS.split()),
        *((name, "true or false", ("true", "null", "[]"), ('"yes"', "1", "{}")) for name in BOOLEANS.split()),
        ("stop_strings", "", ('"x"', "1"), ()),
        ("max_tokens", "", ('"x"', "true"), ()),
    ],
)
def test_values_of_the_generation_config(
    name: str, called: str, good: tuple[str, ...], bad: tuple[str, ...], tmp_path: Path
) -> None:
    def said(value: str) -> list[str]:
        case = GOOD["llm"].with_file("model/generation_config.json", f'{{"{name}": {value}}}')
        return [f.message for f in findings(case, tmp_path) if f.code == "GV762"]

    assert [value for value in good if said(value)] == []
    for value in bad:
        shown = {"true": "a JSON boolean", "1": "a JSON number", "{}": "a JSON object"}.get(value, value)
        assert said(value) == [f"{name} must be {called}, not {shown}"]


@pytest.mark.parametrize(
    ("model", "tokenizer", "at_load"),
    [
        ("{}", "{}", False),
        ("{}", '{"pad_token": "<p>"}', True),
        ("{}", '{"eos_token": "<e>"}', True),
        ("{}", '{"bos_token": "<b>"}', True),
        ("{}", '{"unk_token": "<u>"}', False),
        ("{}", '{"pad_token": 1}', False),
        ('{"pad_token_id": 1}', '{"pad_token": "<p>"}', False),
        ('{"pad_token_id": 0}', '{"pad_token": "<p>"}', True),
        ('{"pad_token_id": true}', '{"pad_token": "<p>"}', True),
        ('{"pad_token_id": 1.5}', '{"pad_token": "<p>"}', True),
        ('{"pad_token_id": 1}', '{"pad_token": "<p>", "eos_token": "<e>"}', True),
        ('{"eos_token_id": 1}', '{"pad_token": "<p>"}', True),
        ("{}", "[]", False),
        ("[]", '{"pad_token": "<p>"}', True),
        (None, '{"pad_token": "<p>"}', True),
        ("{}", None, False),
    ],
)
def test_when_a_missing_tokenizer_shows(
    model: str | None, tokenizer: str | None, at_load: bool, tmp_path: Path
) -> None:
    case = GOOD["embeddings"].without_file(
        "model/openvino_tokenizer.xml", "model/config.json", "model/tokenizer_config.json"
    )
    for name, text in (("config.json", model), ("tokenizer_config.json", tokenizer)):
        case = case.with_file(f"model/{name}", text) if text is not None else case
    [found] = findings(case, tmp_path)
    assert (found.code, found.phase) == ("GV723", Phase.LOAD if at_load else Phase.SERVE)
    assert found.message.startswith("there is no openvino_tokenizer.xml in ")
    assert bool(found.label) is at_load


@pytest.mark.parametrize("broken", ["config.json", "tokenizer_config.json"])
def test_a_missing_tokenizer_beside_a_broken_file(broken: str, tmp_path: Path) -> None:
    case = GOOD["embeddings"].without_file("model/openvino_tokenizer.xml", "model/config.json")
    case = case.with_file("model/config.json", "{}").with_file(f"model/{broken}", '{"pad_token": "<p>",}')
    phases = {f.code: f.phase for f in findings(case, tmp_path)}
    assert phases == {"GV761": Phase.LOAD, "GV723": Phase.SERVE if broken == "tokenizer_config.json" else Phase.LOAD}


@pytest.mark.parametrize(
    ("kind", "missing", "told_of"),
    [
        ("llm", "openvino_tokenizer.xml", "openvino_tokenizer.xml"),
        ("llm", "openvino_detokenizer.xml", "openvino_detokenizer.xml"),
        (
            "llm",
            "openvino_tokenizer.xml openvino_detokenizer.xml",
            "openvino_tokenizer.xml and no openvino_detokenizer.xml",
        ),
        ("vlm", "openvino_detokenizer.xml", "openvino_detokenizer.xml"),
        ("rerank", "openvino_tokenizer.xml", "openvino_tokenizer.xml"),
    ],
)
def test_tokenizers_that_each_kind_needs(kind: str, missing: str, told_of: str, tmp_path: Path) -> None:
    case = GOOD[kind].without_file(*(f"model/{name}" for name in missing.split()))
    [found] = [f for f in findings(case, tmp_path) if f.code == "GV723"]
    assert found.message.startswith(f"there is no {told_of} in ")
    assert (found.phase is Phase.SERVE) is (kind != "rerank" or not found.label)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, True),
        ({"chat_template.jinja": ""}, False),
        ({"chat_template.json": ""}, False),
        ({"template.jinja": ""}, False),
        ({"template.json": ""}, True),
        ({"tokenizer_config.json": '{"chat_template": "x"}'}, False),
        ({"tokenizer_config.json": '{"template": "x"}'}, True),
        ({"tokenizer_config.json": "[]"}, False),
        ({"openvino_tokenizer.xml": '<net><rt_info><chat_template value="x"/></rt_info></net>\n'}, False),
    ],
)
def test_where_a_chat_template_may_be(files: dict[str, str], found: bool, tmp_path: Path) -> None:
    case = GOOD["llm"].without_file("model/chat_template.jinja")
    for name, text in files.items():
        case = case.with_file(f"model/{name}", text)
    assert ("GV760" in {f.code for f in findings(case, tmp_path)}) is found


@pytest.mark.parametrize(("size", "found"), [(64 << 20, True), ((64 << 20) + 1, False)])
def test_a_tokenizer_too_large_to_search_is_taken_to_have_a_chat_template(
    size: int, found: bool, tmp_path: Path
) -> None:
    case = GOOD["llm"].without_file("model/chat_template.jinja")
    case.write(tmp_path)
    with (tmp_path / "model/openvino_tokenizer.xml").open("r+b") as file:
        file.truncate(size)
    told = judge(load(tmp_path), load_catalog()).graphs[0].findings
    assert ("GV760" in {f.code for f in told}) is found


@pytest.mark.parametrize("kind", ["embeddings", "rerank"])
def test_others_need_no_chat_template(kind: str, tmp_path: Path) -> None:
    assert findings(GOOD[kind], tmp_path) == []
