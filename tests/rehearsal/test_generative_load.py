"""Loading generative nodes: what each mistake in options, folders and settings comes to, as seen on the real server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.rehearsal.server import Rehearsal

GOOD = Path(__file__).parents[2] / "graphs" / "good"
MODELS = {"chat": "chat_model", "embeddings": "text_embedder", "rerank": "passage_ranker",
          "speech_to_text": "listener", "text_to_speech": "speaker", "image_generation": "painter"}  # fmt: skip
AVAILABLE, REFUSED, ESCAPED = "available", "refused", "escaped"
X = np.zeros((1,), np.float32)


def option(text: str) -> Callable[[str], str]:
    """The graph with one more option on its node."""
    return lambda graph: re.sub(r"(models_path: \"[^\"]*\")", rf"\1\n      {text}", graph)


def without(line: str) -> Callable[[str], str]:
    return lambda graph: "\n".join(written for written in graph.split("\n") if line not in written)


def changed(old: str, new: str) -> Callable[[str], str]:
    return lambda graph: graph.replace(old, new)


def same(graph: str) -> str:
    return graph


def removed(*names: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return act


def written(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def untouched(_: Path) -> None:
    """The folder as it is."""


CASES = [
    ("chat", same, untouched, AVAILABLE, ""),
    ("chat", option("pipeline_type: LM"), untouched, AVAILABLE, ""),
    ("chat", option("pipeline_type: VLM"), untouched, REFUSED, "pipeline type is set to VLM type."),
    ("chat", changed('"CPU"', '"FOO"'), untouched, REFUSED, 'Device with "FOO" name is not registered'),
    ("chat", changed('"CPU"', '"HETERO:CPU"'), untouched, AVAILABLE, ""),
    ("chat", changed("NUM_STREAMS", "FOO_BAR"), untouched, REFUSED, "Unsupported property FOO_BAR by CPU plugin."),
    ("chat", changed('{"NUM_STREAMS": "1"}', "[1]"), untouched, REFUSED, "Plugin config is in wrong format"),
    ("chat", changed('"1"}', '{"a": {}}}'), untouched, REFUSED, "Plugin config is in wrong format"),
    ("chat", option("cache_size: 100000"), untouched, REFUSED, "Requested cache size is larger than available memory"),
    ("chat", option('tool_parser: "llama9"'), untouched, REFUSED, 'Unsupported tool_parser "llama9"'),
    ("chat", option('tool_parser: "hermes3" reasoning_parser: "none"'), untouched, AVAILABLE, ""),
    ("chat", option("draft_cache_size: 1"), untouched, REFUSED, "Draft model path is not provided"),
    ("chat", option('draft_models_path: "nowhere"'), untouched, REFUSED, "nowhere does not exist"),
    ("chat", option("cache_eviction_config { start_size: 0 recent_size: 0 max_cache_size: 0 }"), untouched, ESCAPED,
     "start_size must be non-zero"),
    ("chat", option("cache_eviction_config { start_size: 32 recent_size: 32 max_cache_size: 96 }"), untouched,
     AVAILABLE, ""),
    ("chat", option("sparse_attention_config { num_retained_start_tokens_in_cache: 64 }"), untouched, AVAILABLE, ""),
    ("chat", without("back_edge"), untouched, REFUSED, "calculator stream cycle detected in graph: [talk]"),
    ("chat", without("LLM_NODE_RESOURCES"), untouched, REFUSED, 'Failed to get tag "LLM_NODE_RESOURCES" index 0'),
    ("chat", same, emptied, REFUSED, "Could not find a model in the directory"),
    ("chat", changed('"chat_model"', '"nowhere"'), untouched, REFUSED, "nowhere does not exist"),
    ("chat", same, removed("openvino_model.bin"), REFUSED, "Empty weights data in bin file"),
    ("chat", same, removed("config.json"), AVAILABLE, ""),
    ("chat", same, removed("openvino_detokenizer.xml", "openvino_detokenizer.bin"), AVAILABLE, ""),
    ("chat", same, written("generation_config.json", "{"), ESCAPED, ""),
    ("embeddings", same, untouched, AVAILABLE, ""),
    ("embeddings", same, emptied, ESCAPED, ""),
    ("embeddings", same, written("config.json", "{"), ESCAPED, ""),
    ("embeddings", option("plugin_config: '[]'"), untouched, AVAILABLE, "plugin_config option parsing to JSON"),
    ("embeddings", option("plugin_config: '{\"FOO\": 1}'"), untouched, ESCAPED, "FOO"),
    ("rerank", same, untouched, AVAILABLE, ""),
    ("rerank", same, removed("openvino_model.xml"), ESCAPED, ""),
    ("speech_to_text", same, removed("config.json"), ESCAPED, ""),
    ("speech_to_text", changed('{"NUM_STREAMS": "1"}', "[]"), untouched, ESCAPED, ""),
    ("text_to_speech", changed("speed_min: 0.5", "speed_min: 3"), untouched, REFUSED, "invalid speed bounds"),
    ("text_to_speech", option('voices { name: "a" path: "nowhere" }'), untouched, REFUSED,
     "Requested voice speaker embeddings file does not exist"),
    ("text_to_speech", same, written("config.json", "{"), ESCAPED, ""),
    ("image_generation", same, emptied, REFUSED, "Failed to create any image generation pipeline from"),
    ("image_generation", changed('"128x128"', '"32x32"'), untouched, REFUSED, "exceeds maximum allowed resolution"),
    ("image_generation", option("num_images_per_prompt: 2"), untouched, REFUSED, "Wrong usage of static resolution"),
]  # fmt: skip


def add(folder: Path, name: str, kind: str, graph: Callable[[str], str], model: Callable[[Path], None]) -> None:
    """Put a graph with a model of its own into a folder."""
    place = folder / name
    place.mkdir()
    shutil.copytree(GOOD / kind / MODELS[kind], place / MODELS[kind])
    model(place / MODELS[kind])
    (place / "graph.pbtxt").write_text(graph((GOOD / kind / "graph.pbtxt").read_text()))


def serve_all(folder: Path, names: list[str]) -> Rehearsal:
    config = {"model_config_list": [], "mediapipe_config_list": [{"name": name} for name in names]}
    (folder / "config.json").write_text(json.dumps(config))
    return Rehearsal(folder, ["--config_path", str(folder / "config.json")])


def serve_one(folder: Path, kind: str, graph: Callable[[str], str], model: Callable[[Path], None]) -> Rehearsal:
    add(folder, "g", kind, graph, model)
    return serve_all(folder, ["g"])


def numbered(*outcomes: str) -> list[int]:
    return [number for number, case in enumerate(CASES) if case[3] in outcomes]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """One server for all graphs that keep no other one from loading."""
    folder = tmp_path_factory.mktemp("mistakes")
    names = []
    for number in numbered(AVAILABLE, REFUSED):
        names.append(f"g{number}")
        add(folder, names[-1], *CASES[number][:3])
    server = serve_all(folder, names)
    yield server
    server.stop()


@pytest.mark.parametrize("number", numbered(AVAILABLE))
def test_what_the_server_loaded_is_available(served: Rehearsal, number: int) -> None:
    name = f"g{number}"
    assert CASES[number][4] in served.said_of(name)
    assert served.rest(f"/v2/models/{name}/ready") == (200, None)
    answer = served.refusal(name, {"bogus": X})
    assert answer == ("INVALID_ARGUMENT", "Unexpected input - bogus is unexpected")


@pytest.mark.parametrize("number", numbered(REFUSED))
def test_a_mistake_that_the_server_refused_is_refused(served: Rehearsal, number: int) -> None:
    name = f"g{number}"
    assert CASES[number][4] in served.said_of(name)
    assert served.rest(f"/v2/models/{name}/ready")[0] == 404
    assert served.refusal(name, {"bogus": X}) == ("UNAVAILABLE", "Mediapipe is not loaded yet")


@pytest.mark.parametrize("number", numbered(ESCAPED))
def test_a_mistake_whose_exception_escaped_hides_the_graph(tmp_path: Path, number: int) -> None:
    kind, graph, model, _, text = CASES[number]
    server = serve_one(tmp_path, kind, graph, model)
    try:
        assert text in server.stdout
        assert "Failed to process mediapipe graph config:" in server.stdout
        assert server.refusal("g", {"bogus": X})[0] == "NOT_FOUND"
        assert server.rest("/v2/health/ready")[0] == 200
    finally:
        server.stop()


@pytest.mark.parametrize("pooled", [False, True])
def test_a_sync_set_of_nobody_ends_the_server_at_the_request_or_with_a_pool_at_load(
    tmp_path: Path, pooled: bool
) -> None:
    def wrong(graph: str) -> str:
        graph = graph.replace('sync_set { tag_index: "LOOPBACK:0" }', 'sync_set { tag_index: "LOOPBACK:1" }')
        resources = 'input_side_packet: "LLM_NODE_RESOURCES:llm"'
        contexts = f'{resources} input_side_packet: "LLM_NODE_EXECUTION_CONTEXTS:llm_ctx"'
        return "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + graph.replace(resources, contexts) if pooled else graph

    server = serve_one(tmp_path, "chat", wrong, untouched)
    try:
        if not pooled:
            assert server.refusal("g", {"bogus": X})[0] == "UNAVAILABLE"
        assert server.exit_code() == -6
        assert 'Check failed: id.IsValid() stream "LOOPBACK:1" is not found.' in server.stderr
    finally:
        server.stop()


def test_a_side_packet_of_another_name_is_missed_at_the_request_and_with_a_pool_at_load(tmp_path: Path) -> None:
    server = serve_one(tmp_path, "embeddings", changed(":embeddings_servable", ":other"), untouched)
    try:
        code, text = server.refusal("g", {"bogus": X})
        assert (code, 'Side packet "other" is required but was not provided.' in text) == ("FAILED_PRECONDITION", True)
    finally:
        server.stop()
    (tmp_path / "pool").mkdir()
    server = serve_one(
        tmp_path / "pool",
        "embeddings",
        lambda graph: "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + graph.replace(":embeddings_servable", ":other"),
        untouched,
    )
    try:
        assert server.exit_code() == -6
        assert "std::bad_function_call" in server.stderr
    finally:
        server.stop()
