"""Requests to ``/v3`` for the nodes that take them: the smallest that each kind of node should answer.

Which path a node answers and what it reads is in OVMS's ``src/llm/http_llm_calculator.cc``, ``src/embeddings/``,
``src/rerank/``, ``src/image_gen/``, ``src/audio/`` (2026.4); the table is in lifecycle facts 5.4.
"""

from __future__ import annotations

import io
import json
import math
import struct
import wave
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphval.probe.http import HttpRequest

if TYPE_CHECKING:
    from graphval.graph import Graph

_BOUNDARY = "graphval-form-7d1f0c"
_TOKENS = 4
"""So few tokens show that text is generated; more only take time."""

_RATE = 16_000


@dataclass(frozen=True, slots=True)
class Generative:
    """A request to ``/v3``. ``note`` says what it is; ``streamed`` asks for events; one that is not ``plain`` refines
    what the plain one showed."""

    note: str
    request: HttpRequest
    plain: bool = True
    streamed: bool = False


def generative_requests(graph: Graph) -> Iterator[Generative]:
    """Requests for the first node that answers ``/v3``, the plainest first; none where no node is known to."""
    for node in graph.nodes:
        make = _KINDS.get(node.calculator.removeprefix("."))
        if make is not None:
            yield from make(graph.name)
            return


def path_for(body: Mapping[str, Any]) -> str:
    """The path that a JSON body belongs to, by the fields that only one kind of node reads."""
    for field, path in _PATHS:
        if field in body:
            return path
    return "/v3/chat/completions"


def sample_request(file: Path, graph: str) -> HttpRequest:
    """A user's own body. Raises :class:`ValueError` if it is no JSON object."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(document, dict):
        raise ValueError("no JSON object")
    # The graph may be served under another name than the sample was written for.
    return _json(path_for(document), {**document, "model": graph})


def broken_requests(graph: str, valid: HttpRequest) -> Iterator[tuple[str, HttpRequest]]:
    """Requests that must be refused, each with a word on what is wrong with it."""
    yield "with its JSON cut off", HttpRequest(valid.path, b'{"model": "' + graph.encode())
    yield "without anything but the model's name", _json(valid.path, {"model": graph})
    yield "with a body that is no object", HttpRequest(valid.path, b"[]")


_PATHS = (
    ("messages", "/v3/chat/completions"),
    ("documents", "/v3/rerank"),
    ("text", "/v3/tokenize"),
    ("voice", "/v3/audio/speech"),
    ("num_inference_steps", "/v3/images/generations"),
    ("size", "/v3/images/generations"),
    ("input", "/v3/embeddings"),
    ("prompt", "/v3/completions"),
)


def _json(path: str, body: Mapping[str, Any]) -> HttpRequest:
    return HttpRequest(path, json.dumps(body).encode())


def _llm(graph: str) -> Iterator[Generative]:
    chat = {"model": graph, "messages": [{"role": "user", "content": "Hello"}], "max_tokens": _TOKENS, "temperature": 0}
    yield Generative("chat", _json("/v3/chat/completions", chat))
    yield Generative(
        "chat, streamed", _json("/v3/chat/completions", {**chat, "stream": True}), plain=False, streamed=True
    )
    text = {"model": graph, "prompt": "Hello", "max_tokens": _TOKENS, "temperature": 0}
    yield Generative("completions", _json("/v3/completions", text), plain=False)


def _embeddings(graph: str) -> Iterator[Generative]:
    yield Generative("one text", _json("/v3/embeddings", {"model": graph, "input": "Hello"}))
    yield Generative("two texts", _json("/v3/embeddings", {"model": graph, "input": ["Hello", "world"]}), plain=False)


def _rerank(graph: str) -> Iterator[Generative]:
    body = {"model": graph, "query": "Hello", "documents": ["Hello world", "Good evening"]}
    yield Generative("two documents", _json("/v3/rerank", body))


def _image(graph: str) -> Iterator[Generative]:
    body = {"model": graph, "prompt": "a red square", "num_inference_steps": 1}
    yield Generative("one picture", _json("/v3/images/generations", body))


def _speech_to_text(graph: str) -> Iterator[Generative]:
    body, content_type = _form({"model": graph}, "file", "tone.wav", _tone(), "audio/wav")
    yield Generative("one second of sound", HttpRequest("/v3/audio/transcriptions", body, content_type))


def _text_to_speech(graph: str) -> Iterator[Generative]:
    yield Generative("one word", _json("/v3/audio/speech", {"model": graph, "input": "Hello"}))


_KINDS: Mapping[str, Callable[[str], Iterator[Generative]]] = {
    "HttpLLMCalculator": _llm,
    "EmbeddingsCalculatorOV": _embeddings,
    "RerankCalculatorOV": _rerank,
    "ImageGenCalculator": _image,
    "S2tCalculator": _speech_to_text,
    "T2sCalculator": _text_to_speech,
}


def _tone() -> bytes:
    """One second of a tone, as mono 16-bit WAV: what every speech model takes."""
    samples = [int(8000 * math.sin(2 * math.pi * 440 * n / _RATE)) for n in range(_RATE)]
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return written.getvalue()


def _form(fields: Mapping[str, str], name: str, file_name: str, content: bytes, content_type: str) -> tuple[bytes, str]:
    """A multipart body with text fields and one file, and its content type."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    )
    parts += [head.encode(), content, f"\r\n--{_BOUNDARY}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={_BOUNDARY}"
