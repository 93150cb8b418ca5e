"""Each rule kills its own fault: put into any sound deployment it fits, it is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphval.rules.registry import all_rules

from .genai_deployments import (
    CLASSIFIER_IR,
    EMBEDDINGS,
    EMPTY_IR,
    GOOD,
    IMAGE,
    LISTEN,
    LLM,
    RERANK,
    SPEAK,
    Case,
    Change,
    Kind,
    findings,
)

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


def option(line: str, kinds: tuple[Kind, ...], when: Callable[[Case], bool] = lambda _: True) -> Change:
    """The line as one more option, in place of one of its name, where ``when`` allows."""
    name = line.partition(":")[0].partition(" ")[0]

    def change(case: Case) -> Case | None:
        return case.without_option(name).with_option(line) if case.kind in kinds and when(case) else None

    return change


def file(name: str, text: str, kinds: tuple[Kind, ...]) -> Change:
    def change(case: Case) -> Case | None:
        return case.with_file(name, text) if case.kind in kinds and name in case.files else None

    return change


def no_file(*names: str, kinds: tuple[Kind, ...]) -> Change:
    def change(case: Case) -> Case | None:
        return case.without_file(*names) if case.kind in kinds and set(names) <= set(case.files) else None

    return change


def edited(old: str, new: str) -> Change:
    """An option rewritten, in every deployment that has it."""

    def change(case: Case) -> Case | None:
        options = tuple(line.replace(old, new) for line in case.options)
        return replace(case, options=options) if options != case.options else None

    return change


def no_model(case: Case) -> Case | None:
    left = {name: text for name, text in case.files.items() if not name.startswith("model/")}
    return replace(case, files={**left, "model/README.md": "nothing else"})


def on_cpu(case: Case) -> bool:
    return case.has('device: "CPU"') or case.has('target_device: "CPU"')


def batches(case: Case) -> bool:
    return not case.has('device: "NPU"') and not case.has("pipeline_type: LM")


def plain(case: Case) -> bool:
    return len(case.options) == 1


def setting(text: str) -> str:
    return f"plugin_config: '{text}'"


EVERY = (LLM, EMBEDDINGS, RERANK, IMAGE, LISTEN, SPEAK)
STRICT = (LLM, IMAGE, LISTEN, SPEAK)


def supplied_as(name: str) -> Change:
    """The node's resources under another of OVMS's names."""

    def change(case: Case) -> Case | None:
        tag, _, own = case.kind.side_packet.partition(":")
        return replace(case, kind=replace(case.kind, side_packet=f"{tag}:{name}")) if own != name else None

    return change


FAULTS: list[tuple[str, Change]] = [
    ("GV702", lambda case: replace(case, name="")),
    ("GV705", supplied_as("py")),
    ("GV705", supplied_as("llm")),
    ("GV705", supplied_as("rerank_servable")),
    ("GV720", edited('models_path: "model"', 'models_path: "no_such_model"')),
    ("GV720", edited('models_path: "model"', 'models_path: "model\\tx"')),
    ("GV720", edited('models_path: "model"', 'models_path: "graph.pbtxt"')),
    ("GV720", edited('draft_models_path: "small"', 'draft_models_path: "tiny"')),
    ("GV721", no_model),
    ("GV722", no_file("model/openvino_model.bin", kinds=(LLM,))),
    ("GV722", no_file("model/openvino_language_model.bin", kinds=(LLM,))),
    ("GV722", no_file("small/openvino_model.bin", kinds=(LLM,))),
    ("GV722", file("model/openvino_model.xml", "<net><layer", (LLM, EMBEDDINGS, RERANK))),
    ("GV722", file("model/openvino_model.xml", POINTER, (LLM, EMBEDDINGS, RERANK))),
    ("GV722", file("model/openvino_model.bin", POINTER, (LLM,))),
    ("GV722", file("model/openvino_tokenizer.xml", POINTER, (LLM, EMBEDDINGS, RERANK))),
    ("GV722", file("model/openvino_decoder_model.xml", "<net>", (LISTEN,))),
    ("GV723", no_file("model/openvino_tokenizer.xml", kinds=(LLM, EMBEDDINGS, RERANK))),
    ("GV723", no_file("model/openvino_detokenizer.xml", kinds=(LLM,))),
    ("GV724", option('tool_parser: "hermes"', (LLM,))),
    ("GV724", option('reasoning_parser: "llama3"', (LLM,))),
    ("GV725", option(setting('{"NUM_STREAMS": 1'), EVERY)),
    ("GV725", option(setting('["NUM_STREAMS"]'), EVERY)),
    ("GV725", option(setting('{"NUM_STREAMS": null}'), EVERY)),
    ("GV725", option(setting('{"CPU": {"NUM_STREAMS": 1}}'), EVERY)),
    ("GV725", option(setting('{"NUM_STREAMS": 9223372036854775808}'), EVERY)),
    ("GV726", option('draft_device: "CPU"', (LLM,), plain)),
    ("GV726", option("draft_max_num_seqs: 4", (LLM,), plain)),
    ("GV727", option("cache_eviction_config { start_size: 0 recent_size: 32 max_cache_size: 96 }", (LLM,), batches)),
    ("GV727", option("cache_eviction_config { start_size: 32 recent_size: 32 max_cache_size: 64 }", (LLM,), batches)),
    ("GV727", option("cache_eviction_config { start_size: 32 recent_size: 32 max_cache_size: 97 }", (LLM,), batches)),
    ("GV728", option("max_num_batched_tokens: 0", (LLM,), batches)),
    ("GV729", option("max_num_seqs: 4", (LLM,), lambda case: not batches(case))),
    ("GV729", option("enable_prefix_caching: true", (LLM,), lambda case: not batches(case))),
    ("GV730", option('device: "CPU GPU"', (IMAGE,), lambda case: not case.has("resolution"))),
    ("GV730", option('resolution: "512"', (IMAGE,))),
    ("GV730", option('resolution: "512x512,1024x1024"', (IMAGE,))),
    ("GV730", option('resolution: "512x512 512x512"', (IMAGE,))),
    ("GV730", option('resolution: "512x512 1024x1024"', (IMAGE,), lambda case: case.has('device: "NPU"'))),
    (
        "GV730",
        option('device: "HETERO:NPU,CPU"', (IMAGE,), lambda case: not case.has("resolution") and not case.has("lora")),
    ),
    ("GV730", option("num_images_per_prompt: 2", (IMAGE,), lambda case: not case.has("resolution"))),
    ("GV730", option("max_num_images_per_prompt: 2", (IMAGE,), lambda case: case.has("resolution"))),
    ("GV730", option('max_resolution: "auto"', (IMAGE,), lambda case: not case.has("resolution"))),
    ("GV730", option('default_resolution: "4097x1"', (IMAGE,))),
    ("GV730", option('default_resolution: "256x256"', (IMAGE,), lambda case: case.has("resolution"))),
    ("GV731", option('lora_adapters { alias: "ink" path: "oil.safetensors" }', (IMAGE,), lambda c: c.has("lora"))),
    ("GV732", edited('adapter_alias: "ink"', 'adapter_alias: "inc"')),
    ("GV733", no_file("ink.safetensors", kinds=(IMAGE,))),
    ("GV733", option('voices { name: "anna" path: "/no/such/voice.bin" }', (SPEAK,))),
    (
        "GV734",
        lambda case: option('device: "NPU"', (IMAGE,), lambda c: c.has("lora"))(case.with_option('resolution: "8x8"')),
    ),
    ("GV740", option("speed_min: 4.5", (SPEAK,))),
    ("GV750", lambda case: replace(case, input_name="request")),
    ("GV751", lambda case: replace(case, more=('input_stream: "other"',)) if case.kind.prefix else None),
    ("GV760", no_file("model/chat_template.jinja", kinds=(LLM,))),
    ("GV761", file("model/config.json", "{", EVERY)),
    ("GV761", file("model/tokenizer_config.json", '{"a": 1,}', (LLM, EMBEDDINGS, RERANK))),
    ("GV761", file("model/generation_config.json", "", (LLM,))),
    ("GV761", no_file("model/config.json", kinds=(LISTEN,))),
    ("GV762", file("model/generation_config.json", '{"temperature": "0.7"}', (LLM,))),
    ("GV762", file("model/generation_config.json", '{"do_sample": 1}', (LLM,))),
    ("GV763", option("pipeline_type: VLM_CB", (LLM,), lambda case: plain(case))),
    ("GV763", edited("pipeline_type: VLM_CB", "pipeline_type: LM_CB")),
    ("GV763", edited("pipeline_type: VLM_CB", "pipeline_type: OMNI")),
    ("GV764", lambda case: _ir(case, '<net><layer type="ReadValue"/></net>')),
    ("GV764", lambda case: _ir(case, '<net><layer type="ScaledDotProductAttention"/></net>')),
    ("GV765", lambda case: option("pipeline_type: LM", (LLM,), lambda c: c.has("draft_models_path"))(case)),
    ("GV766", option("pipeline_type: LM_CB", (LLM,), lambda case: case.has("plugin_config: '{\"MAX"))),
    ("GV770", option('device: "cpu"', (LLM,), plain)),
    ("GV770", option('device: "GPUU"', (LLM,), plain)),
    ("GV770", option('device: "CPU,GPU"', (LLM,), plain)),
    ("GV770", option('target_device: "AUTO:FOO"', (EMBEDDINGS, RERANK, LISTEN, SPEAK))),
    ("GV770", edited('draft_device: "CPU"', 'draft_device: "CP"')),
    ("GV771", option(setting('{"DEVICE_PROPERTIES": {"NUM_STREAMS": "1"}}'), EVERY)),
    ("GV771", option(setting('{"DEVICE_PROPERTIES": {"CPU": {"NUM_STREAMS": [1]}}}'), EVERY)),
    ("GV772", option(setting('{"NUM_STREAM": 1}'), EVERY, on_cpu)),
    ("GV772", option(setting('{"DEVICE_PROPERTIES": {"CPU": {"NUM_STREAM": 1}}}'), EVERY)),
    ("GV772", option(setting('{"MAX_PROMPT_LEN": 1024}'), (LLM,), lambda case: plain(case) or on_cpu(case))),
    ("GV773", option(setting('{"PERFORMANCE_HINT": "FAST"}'), EVERY, on_cpu)),
    ("GV773", option(setting('{"INFERENCE_NUM_THREADS": "many"}'), EVERY, on_cpu)),
    ("GV773", option(setting('{"ENABLE_CPU_PINNING": "perhaps"}'), EVERY, on_cpu)),
    ("GV774", option(setting('{"prompt_lookup": true}'), (LLM,), lambda case: case.has("draft_models_path"))),
    ("GV774", option(setting('{"prompt_lookup": true}'), (LLM,), lambda case: case.has("pipeline_type: LM"))),
    ("GV774", option(setting('{"prompt_lookup": 1}'), (LLM,), lambda case: batches(case))),
    ("GV775", option(setting('{"OFFLOAD_RATIO": 50}'), (LLM,), lambda case: case.has('device: "GPU"'))),
    ("GV776", option(setting('{"MAX_PROMPT_LEN": 50}'), (LLM,), lambda case: case.has("plugin_config: '{\"DEV"))),
    ("GV780", file("model/openvino_model.xml", CLASSIFIER_IR, (EMBEDDINGS,))),
    ("GV781", option("max_allowed_chunks: 0", (RERANK,))),
    ("GV781", option("max_position_embeddings: 8", (RERANK,))),
    ("GV782", option('target_device: "NPU"', (EMBEDDINGS,))),
]


def _ir(case: Case, text: str) -> Case | None:
    name = next((n for n in ("model/openvino_model.xml", "model/openvino_language_model.xml") if n in case.files), None)
    return case.with_file(name, text) if case.kind is LLM and batches(case) and name else None


def faulty() -> Iterator[object]:
    for code, change in FAULTS:
        fitting = [(name, changed) for name, good in GOOD.items() if (changed := change(good)) is not None]
        assert fitting, code
        yield from (pytest.param(code, changed, id=f"{code}-{name}") for name, changed in fitting)


@pytest.mark.parametrize("name", GOOD)
def test_sound_deployments_are_sound(name: str, tmp_path: Path) -> None:
    assert [(f.code, f.message) for f in findings(GOOD[name], tmp_path)] == []


@pytest.mark.parametrize(("code", "case"), list(faulty()))
def test_a_fault_is_found_and_nothing_else(code: str, case: Case, tmp_path: Path) -> None:
    found = findings(case, tmp_path)
    assert {f.code for f in found} == {code}, [(f.code, f.message) for f in found]
    assert len({f.location for f in found}) == len(found)


def test_another_name_of_the_server_is_mended(tmp_path: Path) -> None:
    change = supplied_as("llm")(GOOD["rerank"])
    assert change is not None
    [found] = findings(change, tmp_path)
    [edit] = found.edits
    lines = change.graph.split("\n")
    line = lines[edit.location.line - 1]
    lines[edit.location.line - 1] = line[: edit.location.column - 1] + edit.text + line[edit.location.end_column - 1 :]
    assert "\n".join(lines) == GOOD["rerank"].graph


def test_each_rule_about_generative_nodes_has_a_fault() -> None:
    about_others = {"GV701", "GV703", "GV704"}  # of nodes that OVMS prepares, generative or not
    rules = {
        code for code, rule in all_rules().items() if rule.check and rule.check.__module__.split(".")[2] == "genai"
    }
    assert rules - {code for code, _ in FAULTS} == about_others
    assert {code for code, _ in FAULTS} >= {"GV705", "GV750", "GV751"}  # of the border of such graphs
    assert EMPTY_IR.endswith("</net>\n")
