"""Requests to ``/v3`` for the nodes that take them: the smallest that each kind of node should answer, in every form.

Which path a node answers and what it reads is in OVMS's ``src/llm/http_llm_calculator.cc``, ``src/embeddings/``,
``src/rerank/``, ``src/image_gen/``, ``src/audio/`` (2026.4). The catalog says which paths a release has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphval.probe.http import HttpRequest
from graphval.probe.media import FormFile, form, picture, tone
from graphval.probe.refusals import Broken
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.model_folder import model_folder_of
from graphval.rules.genai.pipeline import becomes_omni

if TYPE_CHECKING:
    from graphval.graph import Graph, Node
    from graphval.rules.context import GraphContext

_TOKENS = 4
"""So few tokens show that text is generated; more only take time."""

_SIZE = 64
_LLM = "HttpLLMCalculator"


@dataclass(frozen=True, slots=True)
class Generative:
    """A request to ``/v3``. ``note`` says what it is; ``streamed`` asks for events; one that is not ``plain`` refines
    what the plain one showed; ``thorough``: what it shows is worth its time only to who asks for all."""

    note: str
    request: HttpRequest
    plain: bool = True
    streamed: bool = False
    thorough: bool = False


def generative_requests(context: GraphContext) -> Iterator[Generative]:
    """Requests for the first node that answers ``/v3``, the plainest first, as far as the release has their paths; none
    where no node is known to."""
    node = _answering(context.graph)
    if node is None:
        return
    calculator = node.registered_as
    endpoints = context.catalog.http_endpoints
    paths = {endpoint.removeprefix("POST ") for endpoint in endpoints.get("v3") or ()}
    if calculator == _LLM and _omni(node, context):
        paths.discard(_COMPLETIONS)
    for one in _KINDS[calculator](context.graph.name, node):
        if one.request.path in paths:
            yield one
    if _TOKENIZE in paths and calculator in (endpoints.get("tokenize_served_by") or ()):
        yield Generative("tokens", _json(_TOKENIZE, {"model": context.graph.name, "text": "Hello"}), plain=False)


def path_for(body: Mapping[str, Any], graph: Graph | None = None) -> str:
    """The path that a JSON body belongs to, by the fields that only one kind of node reads, and where several do, by
    the node of the graph."""
    for field, path in _PATHS:
        if field in body:
            node = _answering(graph) if field == "input" and graph is not None else None
            return _INPUTS.get(node.registered_as, path) if node is not None else path
    return "/v3/chat/completions"


def sample_request(file: Path, graph: Graph) -> HttpRequest:
    """A user's own body. Raises :class:`ValueError` if it is no JSON object."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(document, dict):
        raise ValueError("no JSON object")
    # The graph may be served under another name than the sample was written for.
    return _json(path_for(document, graph), {**document, "model": graph.name})


def broken_requests(graph: str, valid: HttpRequest) -> Iterator[Broken]:
    """Requests that must be refused, each with a word on what is wrong with it. What lacks in one that names its model
    is the node's to say; the others reach none."""
    yield Broken("without anything but the model's name", _json(valid.path, {"model": graph}), certain=False)
    yield Broken("for a model that nobody serves", _json(valid.path, {"model": f"{graph}-of-nobody"}))
    yield Broken("with a body that is no object", HttpRequest(valid.path, b"[]"))
    yield Broken("with its JSON cut off", HttpRequest(valid.path, b'{"model": "' + graph.encode()))


def _omni(node: Node, context: GraphContext) -> bool:
    """Whether the node's pipeline is ``OMNI``, which refuses plain completions."""
    options = options_of_kind(node, context, "LLM")
    return options is not None and becomes_omni(options, model_folder_of(node, context))


_TOKENIZE, _COMPLETIONS = "/v3/tokenize", "/v3/completions"
_PATHS = (
    ("messages", "/v3/chat/completions"),
    ("documents", "/v3/rerank"),
    ("text", _TOKENIZE),
    ("voice", "/v3/audio/speech"),
    ("num_inference_steps", "/v3/images/generations"),
    ("size", "/v3/images/generations"),
    ("input", "/v3/embeddings"),
    ("prompt", _COMPLETIONS),
)
_INPUTS = {_LLM: "/v3/responses", "T2sCalculator": "/v3/audio/speech"}


def _answering(graph: Graph) -> Node | None:
    return next((node for node in graph.nodes if node.registered_as in _KINDS), None)


def _json(path: str, body: Mapping[str, Any]) -> HttpRequest:
    return HttpRequest(path, json.dumps(body).encode())


def _llm(graph: str, _: Node) -> Iterator[Generative]:
    asked = (
        ("chat", "/v3/chat/completions", {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": _TOKENS}),
        ("completions", _COMPLETIONS, {"prompt": "Hello", "max_tokens": _TOKENS}),
        ("responses", "/v3/responses", {"input": "Hello", "max_output_tokens": _TOKENS}),
    )
    for number, (note, path, fields) in enumerate(asked):
        body = {"model": graph, **fields, "temperature": 0}
        yield Generative(note, _json(path, body), plain=number == 0)
        yield Generative(f"{note}, streamed", _json(path, {**body, "stream": True}), plain=False, streamed=True)


def _embeddings(graph: str, _: Node) -> Iterator[Generative]:
    path = "/v3/embeddings"
    yield Generative("one text", _json(path, {"model": graph, "input": "Hello"}))
    yield Generative("two texts", _json(path, {"model": graph, "input": ["Hello", "world"]}), plain=False)
    coded = {"model": graph, "input": "Hello", "encoding_format": "base64"}
    yield Generative("one text, answered in base64", _json(path, coded), plain=False)


def _rerank(graph: str, _: Node) -> Iterator[Generative]:
    body = {"model": graph, "query": "Hello", "documents": ["Hello world", "Good evening"]}
    yield Generative("two documents", _json("/v3/rerank", body))


def _image(graph: str, _: Node) -> Iterator[Generative]:
    body = {"model": graph, "prompt": "a red square", "num_inference_steps": 1}
    yield Generative("one picture", _json("/v3/images/generations", body))
    # A change begins part of the way in (``strength``), so that one step would leave none.
    fields = {name: str(value) for name, value in {**body, "num_inference_steps": 2}.items()}
    image = FormFile("image", "red.png", "image/png", picture(_SIZE, (255, 0, 0)))
    mask = FormFile("mask", "mask.png", "image/png", picture(_SIZE, (255, 255, 255)))
    path = "/v3/images/edits"
    yield Generative("a picture changed", HttpRequest(path, *form(fields, image)), plain=False)
    yield Generative("a picture changed in part", HttpRequest(path, *form(fields, image, mask)), False, thorough=True)


def _speech_to_text(graph: str, node: Node) -> Iterator[Generative]:
    sound = FormFile("file", "tone.wav", "audio/wav", tone())
    said, translated = "/v3/audio/transcriptions", "/v3/audio/translations"
    yield Generative("one second of sound", HttpRequest(said, *form({"model": graph}, sound)))
    yield Generative("translated", HttpRequest(translated, *form({"model": graph}, sound)), plain=False)
    if node.inputs.has("LOOPBACK"):
        streamed = HttpRequest(said, *form({"model": graph, "stream": "true"}, sound))
        yield Generative("one second of sound, streamed", streamed, plain=False, streamed=True)


def _text_to_speech(graph: str, _: Node) -> Iterator[Generative]:
    yield Generative("one word", _json("/v3/audio/speech", {"model": graph, "input": "Hello"}))


_KINDS: Mapping[str, Callable[[str, Node], Iterator[Generative]]] = {
    _LLM: _llm,
    "EmbeddingsCalculatorOV": _embeddings,
    "RerankCalculatorOV": _rerank,
    "ImageGenCalculator": _image,
    "S2tCalculator": _speech_to_text,
    "T2sCalculator": _text_to_speech,
}
