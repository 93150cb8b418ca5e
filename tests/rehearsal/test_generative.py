"""Generative nodes behind ``/v3``: what they answer, how they stream, and what they refuse in whose words."""

from __future__ import annotations

import base64
import io
import json
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.rehearsal.server import Rehearsal

GRAPHS = Path(__file__).parents[2] / "graphs"
HELLO = [{"role": "user", "content": "hello"}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generative")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Rehearsal]:
    """One server with the example graphs that need a model of language, and variants of the chat graph."""
    chat = (GRAPHS / "good/chat/graph.pbtxt").read_text()
    model = str(GRAPHS / "good/chat/chat_model")
    chat = chat.replace('"chat_model"', f'"{model}"')
    resources = 'input_side_packet: "LLM_NODE_RESOURCES:llm"'
    contexts = ' input_side_packet: "LLM_NODE_EXECUTION_CONTEXTS:llm_ctx"'
    variants = {
        "one_at_a_time": chat.replace("max_num_seqs: 16", "pipeline_type: LM max_tokens_limit: 30"),
        "guessing": chat.replace("max_num_seqs: 16", f'draft_models_path: "{model}" best_of_limit: 3'),
        "pooled": "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + chat.replace(resources, resources + contexts),
        "other_input": chat.replace(":input", ":payload"),
    }  # fmt: skip
    entries = [{"name": name, "base_path": str(GRAPHS / "good" / name)} for name in ("chat", "embeddings", "rerank")]
    for name, text in variants.items():
        (folder / name).mkdir()
        (folder / name / "graph.pbtxt").write_text(text)
        entries.append({"name": name, "base_path": str(folder / name)})
    config = folder / "config.json"
    config.write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": entries}))
    server = Rehearsal(folder, ["--config_path", str(config)])
    yield server
    server.stop()


def ask(server: Rehearsal, path: str, **body: Any) -> tuple[int, Any]:
    return server.rest(path, body)


@pytest.mark.parametrize("model", ["chat", "one_at_a_time", "guessing", "pooled"])
def test_a_chat_is_answered(served: Rehearsal, model: str) -> None:
    for _ in range(2):
        code, answer = ask(
            served, "/v3/chat/completions", model=model, messages=HELLO, max_tokens=5, temperature=0, ignore_eos=True
        )
        assert (code, answer["object"], answer["model"]) == (200, "chat.completion", model)
        assert answer["choices"][0]["message"]["role"] == "assistant"
        assert answer["usage"]["completion_tokens"] == 5
        assert answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + 5


def test_pipelines_that_guess_ahead_say_the_same(served: Rehearsal) -> None:
    texts = {
        ask(served, "/v3/completions", model=model, prompt="abc", max_tokens=12, temperature=0)[1]["choices"][0]["text"]
        for model in ("chat", "guessing", "one_at_a_time")
    }
    assert len(texts) == 1


@pytest.mark.parametrize("model", ["chat", "one_at_a_time", "pooled"])
def test_a_stream_says_what_the_whole_answer_says(served: Rehearsal, model: str) -> None:
    asked = {"model": model, "messages": HELLO, "max_tokens": 8, "temperature": 0}
    whole = ask(served, "/v3/chat/completions", **asked)[1]
    events = served.events("/v3/chat/completions", {**asked, "stream": True, "stream_options": {"include_usage": True}})
    assert events[-1] == "[DONE]"
    chunks = [json.loads(text) for text in events[:-1]]
    text = "".join(choice["delta"]["content"] for chunk in chunks for choice in chunk["choices"])
    assert text == whole["choices"][0]["message"]["content"]
    assert chunks[-1]["usage"] == whole["usage"]
    assert [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"]][-1] in ("length", "stop")


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        ("chat/completions", {}, "Messages missing in request"),
        ("chat/completions", {"messages": "hi"}, "Messages are not an array"),
        ("chat/completions", {"messages": []}, "Messages array cannot be empty"),
        ("chat/completions", {"messages": [1]}, "Message is not a JSON object"),
        ("chat/completions", {"messages": HELLO, "temperature": 3}, "temperature out of range(0.0, 2.0)"),
        ("chat/completions", {"messages": HELLO, "temperature": "hot"}, "temperature is not a valid number"),
        ("chat/completions", {"messages": HELLO, "max_tokens": -1}, "max_tokens is not an unsigned integer"),
        ("chat/completions", {"messages": HELLO, "max_tokens": 0}, "max_tokens value should be greater than 0"),
        ("chat/completions", {"messages": HELLO, "n": 2}, "n value cannot be greater than best_of"),
        ("chat/completions", {"messages": HELLO, "best_of": 21}, "best_of exceeds limit provided in graph config: 20"),
        ("chat/completions", {"messages": HELLO, "top_k": 0}, "top_k must be -1 (all tokens) or a positive integer"),
        ("chat/completions", {"messages": HELLO, "seed": -1}, "seed out of range [0, 4294967295]"),
        ("chat/completions", {"messages": HELLO, "stop": [1]}, "stop array contains non string element"),
        ("chat/completions", {"messages": HELLO, "stream_options": {}}, "but stream not set to true"),
        ("chat/completions", {"messages": HELLO, "tool_choice": "any"}, "tool_choice should be either"),
        ("chat/completions", {"messages": HELLO, "max_tokens": 600}, "exceeds model max length: 512"),
        ("completions", {}, "prompt is missing"),
        ("completions", {"prompt": 1}, "prompt is not a string"),
        ("completions", {"prompt": "x", "logprobs": 2}, "accepted logprobs value is currently 1 only"),
        ("embeddings", {"input": "x"}, "Wrong endpoint. Allowed endpoints"),
        ("tokenize", {}, "text field is required"),
    ],
)
def test_a_request_that_is_wrong_is_refused_by_the_node(
    served: Rehearsal, path: str, body: dict[str, Any], text: str
) -> None:
    code, answer = ask(served, f"/v3/{path}", model="chat", **body)
    assert code == 400
    assert answer["error"].startswith("Mediapipe execution failed. MP status - INVALID_ARGUMENT: ")
    assert 'Calculator::Process() for node "talk" failed: ' in answer["error"]
    assert text in answer["error"]


def test_limits_of_the_graph_hold(served: Rehearsal) -> None:
    _, answer = ask(served, "/v3/chat/completions", model="one_at_a_time", messages=HELLO, max_tokens=30)
    assert "max_tokens exceeds limit provided in graph config: 30" in answer["error"]
    _, answer = ask(served, "/v3/chat/completions", model="guessing", messages=HELLO, best_of=3)
    assert "best_of exceeds limit provided in graph config: 3" in answer["error"]


@pytest.mark.parametrize(
    ("headers", "body", "code", "text"),
    [
        ({}, b'{"model": "nobody"}', 404, "Mediapipe graph definition with requested name is not found"),
        ({}, b'{"messages": []}', 412, "The file is not valid json"),
        ({}, b'{"model": 1}', 412, "The file is not valid json"),
        ({}, b"[]", 412, "The file is not valid json"),
        ({}, b"{", 412, "The file is not valid json"),
        ({}, b'{"model": "chat", "stream": 1}', 412, "The file is not valid json"),
        ({"Content-Type": "text/plain"}, b"x", 404, "Mediapipe graph definition with requested name is not found"),
        ({"Content-Type": "multipart/form-data"}, b"x", 500, "Request of multipart type but failed to parse"),
    ],
)
def test_a_body_that_names_no_graph_is_refused_before_any(
    served: Rehearsal, headers: dict[str, str], body: bytes, code: int, text: str
) -> None:
    answer = served.post("/v3/chat/completions", body, {"Content-Type": "application/json", **headers})
    assert answer[0] == code
    assert text in json.loads(answer[1])["error"]


def test_only_a_stream_called_input_is_fed(served: Rehearsal) -> None:
    code, answer = ask(served, "/v3/chat/completions", model="other_input", messages=HELLO)
    assert code == 412
    assert answer["error"].startswith("Failed to add packet to mediapipe graph input stream")


def test_tokens_of_a_text(served: Rehearsal) -> None:
    one = ask(served, "/v3/tokenize", model="chat", text="ab")[1]["tokens"]
    assert ask(served, "/v3/tokenize", model="chat", text=["ab", "b"])[1]["tokens"] == [one, one[1:]]


def test_vectors_have_length_one_and_agree_with_base64(served: Rehearsal) -> None:
    code, plain = ask(served, "/v3/embeddings", model="embeddings", input=["bread", "tea and the sea"])
    assert (code, [entry["index"] for entry in plain["data"]]) == (200, [0, 1])
    vectors = np.array([entry["embedding"] for entry in plain["data"]], np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    coded = ask(served, "/v3/embeddings", model="embeddings", input="bread", encoding_format="base64")[1]
    assert np.allclose(
        np.frombuffer(base64.b64decode(coded["data"][0]["embedding"]), np.float32), vectors[0], atol=1e-5
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (None, "input should be string, array of strings or array of integers"),
        ([1, "a"], "input must be homogeneous"),
        ([True], "every element in input array should be either string or int"),
        ([[1] * 600], "Input length 600 longer than allowed 512"),
    ],
)
def test_what_cannot_be_embedded_is_refused(served: Rehearsal, written: Any, text: str) -> None:
    code, answer = ask(served, "/v3/embeddings", model="embeddings", input=written)
    assert code == 400
    assert text in answer["error"]


def test_documents_come_back_in_the_order_of_their_scores(served: Rehearsal) -> None:
    documents = ["tea", "bread and the sea", "a stone house", "train"]
    asked = {"model": "rerank", "query": "bread", "documents": documents}
    code, answer = ask(served, "/v3/rerank", **asked, return_documents=True)
    scores = [entry["relevance_score"] for entry in answer["results"]]
    assert code == 200
    assert scores == sorted(scores, reverse=True)
    assert [entry["document"]["text"] for entry in answer["results"]] == [
        documents[e["index"]] for e in answer["results"]
    ]
    best = ask(served, "/v3/rerank", **asked, top_n=2)[1]["results"]
    assert [entry["index"] for entry in best] == [entry["index"] for entry in answer["results"][:2]]


def test_a_long_document_is_scored_in_pieces(served: Rehearsal) -> None:
    code, answer = ask(served, "/v3/rerank", model="rerank", query="bread", documents=["tea", "sea " * 1200])
    assert (code, len(answer["results"])) == (200, 2)


def test_available_graphs_are_listed_as_models(served: Rehearsal) -> None:
    names = {item["id"] for item in served.rest("/v3/models")[1]["data"]}
    assert {"chat", "embeddings", "rerank", "pooled"} <= names
    assert served.rest("/v3/models/nobody") == (500, {"error": "Model not found"})


def test_a_tensor_does_not_fit_a_graph_for_payloads(served: Rehearsal) -> None:
    code, text = served.refusal("chat", {"input": np.zeros((1,), np.float32)})
    assert code == "FAILED_PRECONDITION"
    assert "Packet type mismatch" in text
    assert served.refusal("chat", {"bogus": np.zeros((1,), np.float32)}) == (
        "INVALID_ARGUMENT",
        "Unexpected input - bogus is unexpected",
    )


# -- speech and images ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder = tmp_path_factory.mktemp("media")
    names = ("speech_to_text", "text_to_speech", "image_generation")
    entries = [{"name": name, "base_path": str(GRAPHS / "good" / name)} for name in names]
    config = folder / "config.json"
    config.write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": entries}))
    server = Rehearsal(folder, ["--config_path", str(config)])
    yield server
    server.stop()


def send_form(server: Rehearsal, path: str, fields: dict[str, str], files: dict[str, bytes]) -> tuple[int, bytes]:
    boundary = "a-boundary-that-no-part-has"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()
    ]
    for name, content in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="f"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    code, payload, _ = server.post(path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    return code, payload


def tone(rate: int = 16_000, channels: int = 1) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (np.sin(np.arange(rate // 2) / 20) * 10_000).astype("<i2")
        file.writeframes(np.repeat(samples, channels).tobytes())
    return content.getvalue()


def test_a_text_becomes_a_wav_file(media: Rehearsal) -> None:
    code, content, _ = media.post(
        "/v3/audio/speech", b'{"model": "text_to_speech", "input": "hello"}', {"Content-Type": "application/json"}
    )
    assert (code, content[:4], content[8:12]) == (200, b"RIFF", b"WAVE")
    assert len(content) > 44


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "input field is missing in JSON body"),
        ({"input": 1}, "input field is not a string"),
        ({"input": "x", "voice": "nobody"}, "Requested voice 'nobody' not found in available voices"),
        ({"input": "x", "speed": 3}, "speed must be in range [0.5, 2]"),
        ({"input": "x", "stream_format": "sse"}, "streaming is not supported"),
    ],
)
def test_what_cannot_be_spoken_is_refused(media: Rehearsal, body: dict[str, Any], text: str) -> None:
    code, answer = ask(media, "/v3/audio/speech", model="text_to_speech", **body)
    assert code == 400
    assert text in answer["error"]


MP3 = [Path(__file__).with_name(name).read_bytes() for name in ("tone.mp3", "tone_stereo.mp3")]


@pytest.mark.parametrize("sound", [tone(), tone(8_000), tone(44_100, 2), *MP3])
def test_a_sound_becomes_words_whatever_its_rate_and_form(media: Rehearsal, sound: bytes) -> None:
    code, payload = send_form(media, "/v3/audio/transcriptions", {"model": "speech_to_text"}, {"file": sound})
    assert code == 200
    assert json.loads(payload)["text"]


def test_a_transcript_can_be_streamed(media: Rehearsal) -> None:
    fields = {"model": "speech_to_text"}
    whole = json.loads(send_form(media, "/v3/audio/transcriptions", fields, {"file": tone()})[1])["text"]
    _, payload = send_form(media, "/v3/audio/transcriptions", {**fields, "stream": "true"}, {"file": tone()})
    events = [text.removeprefix("data: ") for text in payload.decode().split("\n\n") if text]
    assert events[-1] == "[DONE]"
    deltas = [json.loads(text) for text in events[:-1]]
    assert "".join(event.get("delta", "") for event in deltas) == deltas[-1]["text"] == whole


@pytest.mark.parametrize(
    ("path", "fields", "files", "text"),
    [
        ("audio/transcriptions", {}, {}, "File parsing fails"),
        ("audio/transcriptions", {}, {"file": b"no sound"}, "Received input file is not valid wav nor mp3 audio file"),
        ("audio/transcriptions", {}, {"file": b"fLaC" + bytes(100)}, "not valid wav nor mp3 audio file"),
        ("audio/other", {}, {"file": tone()}, "Unsupported URI: /v3/audio/other"),
        ("audio/transcriptions", {"temperature": "warm"}, {"file": tone()}, "Invalid temperature type."),
    ],
)
def test_what_cannot_be_heard_is_refused(
    media: Rehearsal, path: str, fields: dict[str, str], files: dict[str, bytes], text: str
) -> None:
    code, payload = send_form(media, f"/v3/{path}", {"model": "speech_to_text", **fields}, files)
    assert code == 400
    assert text in json.loads(payload)["error"]


def picture(answer: Any) -> Any:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(answer["data"][0]["b64_json"]))))


def test_an_image_has_the_size_that_was_asked_for(media: Rehearsal) -> None:
    for size, shape in (("64x64", (64, 64, 3)), ("128x64", (64, 128, 3))):
        code, answer = ask(
            media, "/v3/images/generations", model="image_generation", prompt="a cat", size=size, num_inference_steps=1
        )
        assert code == 200
        assert picture(answer).shape == shape


def test_an_image_can_be_edited(media: Rehearsal) -> None:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 10, 10)).save(content, "PNG")
    code, payload = send_form(
        media, "/v3/images/edits", {"model": "image_generation", "prompt": "a cat"}, {"image": content.getvalue()}
    )
    assert code == 200
    assert picture(json.loads(payload)).shape == (64, 64, 3)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "prompt field is missing in JSON body"),
        ({"prompt": "x", "size": "256x256"}, "exceeds maximum allowed resolution"),
        ({"prompt": "x", "size": "big"}, "size field is not in correct format - WxH"),
        ({"prompt": "x", "n": 5}, "n is greater than max_num_images_per_prompt"),
        ({"prompt": "x", "num_inference_steps": 11}, "num_inference_steps is greater than max_num_inference_steps"),
        ({"prompt": "x", "colour": "red"}, "Unhandled parameter: colour"),
    ],
)
def test_an_image_beyond_the_graphs_bounds_is_refused(media: Rehearsal, body: dict[str, Any], text: str) -> None:
    code, answer = ask(media, "/v3/images/generations", model="image_generation", **body)
    assert code == 400
    assert text in answer["error"]


# -- images in a chat -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder = tmp_path_factory.mktemp("seeing")
    place = GRAPHS / "good" / "visual_chat"
    text = (place / "graph.pbtxt").read_text().replace('"viewer"', f'"{place / "viewer"}"')
    (folder / "one_at_a_time").mkdir()
    (folder / "one_at_a_time/graph.pbtxt").write_text(text.replace("VLM_CB", "VLM"))
    entries = [{"name": "batched", "base_path": str(place)}, {"name": "one_at_a_time"}]
    (folder / "config.json").write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": entries}))
    server = Rehearsal(folder, ["--config_path", str(folder / "config.json")])
    yield server
    server.stop()


def about(colour: tuple[int, int, int]) -> list[dict[str, Any]]:
    content = io.BytesIO()
    Image.new("RGB", (30, 40), colour).save(content, "PNG")
    url = "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
    return [
        {
            "role": "user",
            "content": [{"type": "text", "text": "what"}, {"type": "image_url", "image_url": {"url": url}}],
        }
    ]


@pytest.mark.parametrize("model", ["batched", "one_at_a_time"])
def test_a_chat_about_an_image_is_answered_and_streamed(seeing: Rehearsal, model: str) -> None:
    asked = {"model": model, "messages": about((250, 10, 10)), "max_tokens": 6, "temperature": 0}
    code, answer = ask(seeing, "/v3/chat/completions", **asked)
    assert code == 200
    text = answer["choices"][0]["message"]["content"]
    assert text
    events = seeing.events("/v3/chat/completions", {**asked, "stream": True})
    chunks = [json.loads(event) for event in events[:-1]]
    assert "".join(choice["delta"]["content"] for chunk in chunks for choice in chunk["choices"]) == text
    assert ask(seeing, "/v3/chat/completions", model=model, messages=HELLO, max_tokens=2)[0] == 200


def test_both_pipelines_say_the_same_of_an_image(seeing: Rehearsal) -> None:
    """Neither applies the chat template to what it has made already."""
    asked = {"messages": about((10, 250, 10)), "max_tokens": 6, "temperature": 0}
    one, other = (ask(seeing, "/v3/chat/completions", model=m, **asked)[1] for m in ("batched", "one_at_a_time"))
    assert one["choices"][0]["message"]["content"] == other["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("data:image/png;base64,####", "Invalid base64 string in request"),
        ("data:image/png;base64,AAAA", "Image parsing failed"),
        ("http://somewhere/cat.png", "does not match any allowed domain from allowed_media_domains"),
        ("/etc/hostname", "Loading images from local filesystem is disabled."),
    ],
)
def test_an_image_that_may_not_be_had_is_refused(seeing: Rehearsal, url: str, text: str) -> None:
    messages = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]
    code, answer = ask(seeing, "/v3/chat/completions", model="batched", messages=messages, max_tokens=2)
    assert code == 400
    assert text in answer["error"]
