"""Requests to /v3, by the node that answers them."""

from __future__ import annotations

import io
import json
import wave
from pathlib import Path

import pytest
from PIL import Image

from graphval.probe.asking import Depth, ProbeSettings
from graphval.probe.generative import broken_requests, generative_requests, path_for, sample_request
from graphval.probe.http import HttpRequest
from graphval.probe.plan import Plan, ProbeKind, make_plan
from tests.probe.contexts import NO_MODELS, context

GRAPH = """input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {{ name: "n" calculator: "{}" input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output" }}"""


def planned(calculator: str, settings: ProbeSettings | None = None) -> Plan:
    return make_plan(context(GRAPH.format(calculator)), "d", NO_MODELS, settings or ProbeSettings())


CHAT, TEXT, RESPONSES = "/v3/chat/completions", "/v3/completions", "/v3/responses"
SAID, TRANSLATED = "/v3/audio/transcriptions", "/v3/audio/translations"


@pytest.mark.parametrize(
    ("calculator", "paths"),
    [
        ("HttpLLMCalculator", [CHAT, CHAT, TEXT, TEXT, RESPONSES, RESPONSES, "/v3/tokenize"]),
        ("EmbeddingsCalculatorOV", [*["/v3/embeddings"] * 3, "/v3/tokenize"]),
        ("RerankCalculatorOV", ["/v3/rerank", "/v3/tokenize"]),
        ("ImageGenCalculator", ["/v3/images/generations", "/v3/images/edits", "/v3/images/edits"]),
        ("S2tCalculator", [SAID, TRANSLATED]),
        ("T2sCalculator", ["/v3/audio/speech"]),
        ("MyCalculator", []),
    ],
)
def test_each_kind_of_node_is_asked_where_it_answers(calculator: str, paths: list[str]) -> None:
    found = list(generative_requests(context(GRAPH.format(calculator))))
    assert [one.request.path for one in found] == paths
    assert [one.plain for one in found] == [n == 0 for n in range(len(paths))]
    graph = context(GRAPH.format(calculator)).graph
    for one in found:
        if one.request.content_type == "application/json":
            body = json.loads(one.request.body)
            assert body["model"] == "g"
            assert path_for(body, graph) == one.request.path
            assert one.streamed == bool(body.get("stream"))


def test_sound_is_streamed_where_the_node_has_a_loop() -> None:
    text = GRAPH.format("S2tCalculator").replace(
        '" }', '" input_stream: "LOOPBACK:loop" output_stream: "LOOPBACK:loop" }'
    )
    found = list(generative_requests(context(text)))
    assert [one.streamed for one in found] == [False, False, True]
    assert b'name="stream"\r\n\r\ntrue\r\n' in found[2].request.body


@pytest.mark.parametrize(
    ("release", "calculator", "paths"),
    [
        ("2024.4", "HttpLLMCalculator", [CHAT, CHAT, TEXT, TEXT]),
        ("2025.4.1", "HttpLLMCalculator", [CHAT, CHAT, TEXT, TEXT]),
        ("2025.4.1", "EmbeddingsCalculatorOV", [*["/v3/embeddings"] * 3, "/v3/tokenize"]),
        ("2026.0", "RerankCalculatorOV", ["/v3/rerank", "/v3/tokenize"]),
        ("2026.1", "HttpLLMCalculator", [CHAT, CHAT, TEXT, TEXT, "/v3/tokenize"]),
        ("2026.2.1", "HttpLLMCalculator", [CHAT, CHAT, TEXT, TEXT, RESPONSES, RESPONSES, "/v3/tokenize"]),
        ("2025.2.1", "ImageGenCalculator", ["/v3/images/generations"]),
        ("2025.3", "S2tCalculator", []),
    ],
)
def test_a_release_is_asked_for_what_it_has(release: str, calculator: str, paths: list[str]) -> None:
    found = generative_requests(context(GRAPH.format(calculator), release))
    assert [one.request.path for one in found] == paths


OPTIONS = (
    ' node_options: { [type.googleapis.com/mediapipe.LLMCalculatorOptions]: { models_path: "m" pipeline_type: %s } } }'
)


@pytest.mark.parametrize(("kind", "asked"), [("OMNI", False), ("VLM", True), ("AUTO", True)])
def test_a_model_that_speaks_is_not_asked_for_plain_completions(kind: str, asked: bool) -> None:
    text = GRAPH.format("HttpLLMCalculator").replace('" }', '"' + OPTIONS % kind)
    assert (TEXT in [one.request.path for one in generative_requests(context(text))]) == asked


@pytest.mark.parametrize("calculator", ["HttpLLMCalculator", "ImageGenCalculator"])
def test_pictures_and_sound_are_what_they_say(calculator: str) -> None:
    for one in generative_requests(context(GRAPH.format(calculator))):
        if one.request.path.endswith("edits"):
            start = one.request.body.index(b"\x89PNG")
            with Image.open(io.BytesIO(one.request.body[start:])) as read:
                assert (read.size, read.mode, read.getpixel((5, 5))) == ((64, 64), "RGB", (255, 0, 0))


def test_sound_is_a_form_with_a_wav_file() -> None:
    one = next(generative_requests(context(GRAPH.format("S2tCalculator"))))
    boundary = one.request.content_type.partition("boundary=")[2].encode()
    parts = one.request.body.split(b"--" + boundary)
    assert len(parts) == 4
    assert b'name="model"\r\n\r\ng\r\n' in parts[1]
    with wave.open(io.BytesIO(parts[2].partition(b"\r\n\r\n")[2][:-2])) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (1, 16_000, 16_000)


def test_a_plan_for_v3_is_like_that_for_tensors() -> None:
    after = "request after a refusal"
    assert [str(probe) for probe in planned("HttpLLMCalculator").serving] == [
        "synthetic request (chat)",
        "the same again",
        "stream (chat, streamed)",
        "further request (completions)",
        "stream (completions, streamed)",
        "further request (responses)",
        "stream (responses, streamed)",
        "further request (tokens)",
        "4 requests at once",
        "request to be refused (without anything but the model's name)", after,
        "request to be refused (for a model that nobody serves)", after,
        "request to be refused (with a body that is no object)", after,
        "request to be refused (with its JSON cut off)", after,
    ]  # fmt: skip
    assert [p.kind for p in planned("RerankCalculatorOV", ProbeSettings(depth=Depth.QUICK)).serving] == [
        ProbeKind.SYNTHETIC
    ]


def test_no_tensor_goes_to_a_graph_that_speaks_http() -> None:
    assert all(isinstance(probe.request, HttpRequest) for probe in planned("HttpLLMCalculator").serving)


def test_a_node_that_nobody_knows_needs_a_sample(tmp_path: Path) -> None:
    plan = planned("MyCalculator")
    assert plan.serving == ()
    assert ".openai.json" in plan.not_exercised[0].reason
    place = tmp_path / "g"
    place.mkdir()
    (place / "one.openai.json").write_text('{"model": "another name", "text": "x"}')
    (place / "broken.openai.json").write_text("[]")
    plan = planned("MyCalculator", ProbeSettings(samples=(tmp_path,), depth=Depth.QUICK))
    [probe] = plan.serving
    assert isinstance(probe.request, HttpRequest)
    assert (str(probe), probe.request.path, probe.ours) == ("sample one.openai.json", "/v3/tokenize", False)
    assert json.loads(probe.request.body) == {"model": "g", "text": "x"}
    assert [one.file.name for one in plan.unread] == ["broken.openai.json"]


@pytest.mark.parametrize("text", ["", "{", "[1]", "7", "\\xff", "[" * 100_000])
def test_what_is_no_body_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.openai.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"."):
        sample_request(file, "g")


def test_broken_requests_are_none_that_a_node_would_take() -> None:
    valid = HttpRequest("/v3/embeddings", b'{"model": "g", "input": "x"}')
    found = list(broken_requests("g", valid))
    assert [one.certain for one in found] == [False, True, True, True]
    for one in found:
        assert isinstance(one.request, HttpRequest)
        assert one.request.path == valid.path
        assert one.request.body != valid.body
