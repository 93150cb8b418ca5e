"""The unified generative entry: ``POST /v3/…`` and ``/v1/…``, whatever graph stands behind the model's name.

The path does not select the graph; the body's ``model`` does, and the calculator looks at the path. Source: OVMS
``src/http_rest_api_handler.cpp`` (``processV3``), ``src/http_frontend/http_graph_executor_impl.cpp`` (2026.4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from graphval.rehearsal.death import hang
from graphval.rehearsal.expansion.run import GraphRun
from graphval.rehearsal.http_packets import drain, push, read_string
from graphval.rehearsal.http_payload import BodyError, HttpPayload, read_json, read_multipart
from graphval.rehearsal.journal import journal
from graphval.rehearsal.request import create, expect, new_run, start
from graphval.rehearsal.rest_reply import Answer, Events, Reply
from graphval.rehearsal.status import Refused, refuse

if TYPE_CHECKING:
    from graphval.rehearsal.graph_definition import GraphDefinition
    from graphval.rehearsal.servables import Servables

_PREFIX = re.compile(r"/v[13]/")
_STREAM_MUST_BE_BOOL = ("completions", "responses")


def answer(uri: str, headers: Mapping[str, str], body: bytes, servables: Servables) -> Answer:
    """Answer a request. Raises :class:`Refused` as OVMS would, :class:`NotExercised` where nobody can tell here."""
    if servables.api_key and _header(headers, "authorization") != f"Bearer {servables.api_key}":
        raise refuse("UNAUTHORIZED")
    payload, name, stream = _read(uri, headers, body)
    journal.debug(f"Model name from deduced from JSON: {name}")
    definition = servables.graphs.available(name)
    if stream:
        return Events(_stream(definition, payload, servables))
    with servables.metrics.graph_request(definition.name, "V3", "Unary", "REST"):
        return Reply(_unary(definition, payload, servables))


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")


def _read(uri: str, headers: Mapping[str, str], body: bytes) -> tuple[HttpPayload, str, bool]:
    """The payload, the name of the graph it is for, and whether a stream is wanted."""
    content_type = _header(headers, "content-type")
    name, stream = "", False
    payload = HttpPayload(uri, body)
    if "multipart/form-data" in content_type:
        try:
            form = read_multipart(content_type, body)
        except BodyError as error:
            raise refuse("FAILED_TO_PARSE_MULTIPART_CONTENT_TYPE") from error
        payload = HttpPayload(uri, body, multipart=form)
        name, stream = form.fields.get("model", ""), form.fields.get("stream") == "true"
    elif "application/json" in content_type:
        try:
            document = read_json(body)
        except BodyError as error:
            raise refuse("JSON_INVALID", f"Cannot parse JSON body: {error}") from error
        payload = HttpPayload(uri, body, document)
        name, stream = _name_and_stream(uri, document)
    if not name:
        name = _PREFIX.sub("", uri, count=1)
        if not name:
            raise refuse("FAILED_TO_DEDUCE_MODEL_NAME_FROM_URI")
    return payload, name, stream


def _name_and_stream(uri: str, document: Any) -> tuple[str, bool]:
    if not isinstance(document, dict):
        raise refuse("JSON_INVALID", "JSON body must be an object")
    if "model" not in document:
        raise refuse("JSON_INVALID", "model field is missing in JSON body")
    if not isinstance(document["model"], str):
        raise refuse("JSON_INVALID", "model field is not a string")
    stream = document.get("stream")
    if stream is not None and not isinstance(stream, bool):
        if any(word in uri for word in _STREAM_MUST_BE_BOOL):
            raise refuse("JSON_INVALID", "stream field is not a boolean")
        stream = False
    return document["model"], bool(stream)


def _begin(definition: GraphDefinition, run: GraphRun, payload: HttpPayload) -> None:
    """Create and start the graph, and give it its one packet."""
    create(definition, run)
    start(definition, run, {})
    push(definition, run, payload, 0)


def _unary(definition: GraphDefinition, payload: HttpPayload, servables: Servables) -> bytes:
    journal.debug(f"Start unary V3 request mediapipe graph: {definition.name} execution")
    if definition.pool is not None:
        return _last(definition.pool.generate(payload))
    with new_run(definition, servables.models, {}) as run:
        _begin(definition, run, payload)
        expect(run.wait_until_idle(), "graph wait until idle")
        run.close()
        bodies = _first_packets(definition, run)
        expect(run.finish(), "graph wait until done")
        if len(bodies) < len(definition.outputs):
            raise refuse("MEDIAPIPE_EXECUTION_ERROR", "Unknown error during mediapipe execution")
    return _last(bodies)


def _first_packets(definition: GraphDefinition, run: GraphRun) -> list[bytes]:
    """The first packet of each output; one that is neither there nor excluded is waited for, without end."""
    bodies: list[bytes] = []
    for border in definition.outputs:
        packets = run.emitted[border.name]
        if packets:
            bodies.append(read_string(run, packets[0][1]))
        elif not run.is_over(border.name):
            hang()
    return bodies


def _last(bodies: list[bytes]) -> bytes:
    """What remains of several outputs: each overwrites the one before."""
    return bodies[-1] if bodies else b""


def _stream(definition: GraphDefinition, payload: HttpPayload, servables: Servables) -> Iterator[str]:
    """Events as the graph emits them. What fails after the first one becomes the last."""
    journal.debug(f"Start streaming V3 request mediapipe graph: {definition.name} execution")
    sent = False
    try:
        with servables.metrics.graph_request(definition.name, "V3", "Stream", "REST"):
            for text in _streamed(definition, payload, servables):
                sent = True
                yield text
    except Refused as refusal:
        if not sent:
            raise
        yield json.dumps({"error": refusal.status.text})


def _streamed(definition: GraphDefinition, payload: HttpPayload, servables: Servables) -> Iterator[str]:
    if definition.pool is not None:
        yield from definition.pool.stream(payload)
        return
    with new_run(definition, servables.models, {}) as run:
        _begin(definition, run, payload)
        for _ in run.turns():
            yield from drain(definition, run)
        run.close()
        yield from drain(definition, run)
        expect(run.finish(), "graph wait until done")
        yield from drain(definition, run)
