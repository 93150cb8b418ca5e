"""Mistakes inside ``plugin_config`` have their place inside the string, and each release its own verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.findings import Effect, Finding, Phase, Severity
from graphval.rules.genai.plugin_settings import MAX_CHARACTERS
from graphval.rules.models import ir_operations
from graphval.rules.models.ir_operations import operations_of

from .genai_deployments import EMBEDDINGS, GOOD, LLM, Case
from .judging import judged


def told(case: Case, *, release: str | None = None) -> list[Finding]:
    found = judged(case.graph, release=release, no_models=True).findings
    return [finding for finding in found if finding.severity is not Severity.INFO]


def marked(case: Case, finding: Finding) -> str:
    """The text at a finding's place."""
    place, lines = finding.location, case.graph.split("\n")
    assert place.line == place.end_line
    return lines[place.line - 1][place.column - 1 : place.end_column - 1]


def llm(*lines: str) -> Case:
    return Case(LLM, ('models_path: "model"', 'device: "CPU"', *lines))


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        ("plugin_config: '{\"NUM_STREAM\": 1}'", "GV772", '"NUM_STREAM"'),
        ('plugin_config: "{\\"NUM_STREAM\\": 1}"', "GV772", '\\"NUM_STREAM\\"'),
        ('plugin_config: \'{"NUM_STREAMS": 1,\' \' "PERFORMANCE_HINT": "FAST"}\'', "GV773", '"FAST"'),
        ('plugin_config: "{\\"PERFORMANCE_HINT\\": \\"FAST\\"}"', "GV773", '\\"FAST\\"'),
        ("plugin_config: '{\"NUM_STREAMS\": [1]}'", "GV725", "[1]"),
        ('plugin_config: \'{"DEVICE_PROPERTIES": {"CPU": {"NUM_STREAM": 1}}}\'', "GV772", '"NUM_STREAM"'),
        ('plugin_config: \'{"DEVICE_PROPERTIES": {"NUM_STREAMS": 1}}\'', "GV771", '"NUM_STREAMS"'),
        ("plugin_config: '{\"prompt_lookup\": 1}'", "GV774", "1"),
    ],
)
def test_places_inside_the_string(line: str, code: str, text: str) -> None:
    case = llm(line)
    [found] = told(case)
    assert (found.code, marked(case, found)) == (code, text)


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "{}",
        '{"NUM_STREAMS": "AUTO"}',
        '{"CPU_THROUGHPUT_STREAMS": 2}',
        '{"CACHE_DIR": "/tmp/cache", "ENABLE_MMAP": false}',
        '{"DEVICE_PROPERTIES": {"GPU": {"ANYTHING": 1}}}',
        '{"prompt_lookup": false}',
        '{"KV_CACHE_PRECISION": "u8", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "32"}',
    ],
)
def test_settings_that_are_fine(setting: str) -> None:
    assert told(llm(f"plugin_config: '{setting}'")) == []


@pytest.mark.parametrize(
    ("case", "effect", "severity"),
    [(GOOD[kind], None, "error") for kind in ("llm", "image", "listen", "speak")]
    + [(GOOD[kind], "wrong", "warning") for kind in ("embeddings", "rerank")],
)
def test_what_is_only_logged_is_a_warning(case: Case, effect: str | None, severity: str) -> None:
    [found] = told(case.with_option("plugin_config: 'x'"))
    assert (found.code, found.effect, found.severity) == ("GV725", effect or Effect.REJECT, severity)


@pytest.mark.parametrize(
    ("field", "name", "release", "phase", "words"),
    [
        ("tool_parser", "llama9", "2026.4", Phase.LOAD, "did you mean llama3?"),
        ("tool_parser", "llama9", "2026.3", Phase.LOAD, "did you mean llama3?"),
        ("tool_parser", "llama9", "2026.2.1", Phase.SERVE, "did you mean llama3?"),
        ("tool_parser", "qwen3", "2026.4", Phase.LOAD, "use hermes3"),
        ("tool_parser", "onyx", "2026.3", Phase.LOAD, "needs 2026.4 or later"),
        ("reasoning_parser", "minicpm5", "2026.2.1", Phase.SERVE, "needs 2026.3 or later"),
        ("response_parser", "mistral", "2025.2.1", Phase.SERVE, "needs 2025.3 or later"),
        ("response_parser", "hermes4", "2025.2.1", Phase.SERVE, "did you mean hermes3?"),
        ("tool_parser", "none", "2026.2.1", Phase.SERVE, "it has"),
    ],
)
def test_parsers_of_each_release(field: str, name: str, release: str, phase: Phase, words: str) -> None:
    found = [f for f in told(llm(f'{field}: "{name}"'), release=release) if f.code == "GV724"]
    assert [f.phase for f in found] == [phase]
    assert words in found[0].help


@pytest.mark.parametrize(("release", "known"), [("2026.4", True), ("2026.3", False), ("2025.3", False)])
def test_keys_are_judged_where_the_openvino_is_known(release: str, known: bool) -> None:
    graph = judged(llm("plugin_config: '{\"NUM_STREAM\": 1}'").graph, release=release, no_models=True)
    assert [f.code for f in graph.findings] == (["GV772"] if known else [])
    assert any("properties" in skip.reason for skip in graph.skips) is not known


@pytest.mark.parametrize(("release", "device"), [("2026.2.1", "CPU"), ("2026.3", "")])
def test_the_device_without_a_device(release: str, device: str) -> None:
    case = Case(
        LLM, ('models_path: "m"', "cache_eviction_config { start_size: 32 recent_size: 32 max_cache_size: 80 }")
    )
    # 80 tokens are whole blocks of 16 (GPU), and none of 32 (CPU).
    assert [f.code for f in told(case, release=release)] == (["GV727"] if device == "CPU" else [])


def test_models_that_are_not_at_hand_are_said_once() -> None:
    graph = judged(GOOD["embeddings"].graph, no_models=True)
    assert [skip.reason for skip in graph.skips] == ['the model "model" is not at hand']


def test_operations_across_the_borders_of_what_is_read_at_once(tmp_path: Path) -> None:
    file = tmp_path / "model.xml"
    needle = '<layer type="ReadValue"/>'
    for shift in range(len(needle) + 1):
        blank = " " * (ir_operations._CHUNK - shift)
        file.write_text(blank + needle + " " * 400 + "</net>\n")
        found = operations_of(file)
        assert found is not None
        assert (found.types, found.complete) == ({"ReadValue"}, True)


def test_kinds_do_not_share_what_they_read() -> None:
    assert told(Case(EMBEDDINGS, ('models_path: "m"', 'target_device: "GPU"', "plugin_config: '{\"x\": 1}'"))) == []


@pytest.mark.parametrize("name", ["hermes3", "qwen3"])
def test_one_field_for_both_kinds_of_parsers(name: str) -> None:
    assert told(llm(f'response_parser: "{name}"'), release="2025.2.1") == []


def test_settings_beyond_the_cap_are_not_judged() -> None:
    def with_settings(length: int) -> str:
        return llm("plugin_config: '" + '{"NUM_STREAM": 1}'.ljust(length) + "'").graph

    below, beyond = (judged(with_settings(length), no_models=True) for length in (MAX_CHARACTERS, MAX_CHARACTERS + 1))
    reason = f"its plugin_config and those before it hold more than {MAX_CHARACTERS:,} characters"
    assert [finding.code for finding in beyond.findings if finding.code.startswith("GV7")] == []
    assert [skip.reason for skip in beyond.skips if "plugin_config" in skip.reason] == [reason]
    assert "GV772" in {finding.code for finding in below.findings}


NO_SUCH = 'no device of OpenVINO has a property "{}"'
NONE_OF_CPU = 'the device CPU has no property "{}" that can be set'
FOR_NPU = '"{}" is for NPU, and the device is '


@pytest.mark.parametrize(
    ("device", "key", "message", "advice"),
    [
        ("CPU", "NUM_STREAM", NONE_OF_CPU, "did you mean NUM_STREAMS?"),
        ("CPU", "CACHE_DIRS", NONE_OF_CPU, "did you mean CACHE_DIR?"),
        ("CPU", "GPU_QUEUE_PRIORITY", NONE_OF_CPU, "it is one of GPU: put it into DEVICE_PROPERTIES"),
        ("CPU", "XYZZY", NONE_OF_CPU, "remove it"),
        ("CPU", "MAX_PROMPT_LEN", NONE_OF_CPU, 'remove it, or write device: "NPU"'),
        ("", "NUM_STREAM", NO_SUCH, "did you mean NUM_STREAMS?"),
        ("", "XYZZY", NO_SUCH, "remove it"),
        ("", "MAX_PROMPT_LEN", FOR_NPU + "chosen between CPU and GPU", 'remove it, or write device: "NPU"'),
        ("", "GPU_QUEUE_PRIORITY", "", ""),
        ("GPU", "PREFILL_HINT", FOR_NPU + "GPU", 'remove it, or write device: "NPU"'),
        ("GPU", "XYZZY", "", ""),
        ("NPU", "MAX_PROMPT_LEN", "", ""),
        ("NPU", "XYZZY", "", ""),
    ],
)
def test_keys_by_device(device: str, key: str, message: str, advice: str) -> None:
    case = Case(LLM, ('models_path: "m"', f'device: "{device}"', f"plugin_config: '{{\"{key}\": 1}}'"))
    found = [(f.code, f.message, f.help) for f in told(case)]
    assert found == ([("GV772", message.format(key), advice)] if message else [])
