"""A probe written down, for people to send again: as KServe JSON or an OpenAI body, as a curl or grpcurl line, raw."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from graphval.kserve import SERVICE, messages
from graphval.probe.http import JSON, HttpRequest
from graphval.probe.plan import Probe
from graphval.probe.rest import NoRestForm, binary_request, json_request, parameters_of, rest_document
from graphval.probe.streams import StreamRequest

GRPC_ADDRESS, REST_ADDRESS = "localhost:9000", "localhost:8000"
KEY_VARIABLE = "API_KEY"
"""The variable that a written line takes the API key from; the key itself is never written."""

_LONGEST_WORD = 100_000
"""Linux takes 128 KiB for one word of a command line; what is longer goes through a pipe."""


class Form(StrEnum):
    """How a request is written. ``JSON`` is the body of a REST request, of a stream one a line; ``CURL`` and
    ``GRPCURL`` are command lines for a shell; ``RAW`` the very bytes (a serialized ``ModelInferRequest``,
    or the HTTP body)."""

    JSON = "json"
    CURL = "curl"
    GRPCURL = "grpcurl"
    RAW = "raw"


def written(probe: Probe, form: Form, *, keyed: bool = False) -> bytes:
    """The request of a probe in a form, text ending in a newline. ``keyed``: a line for ``/v3`` sends the key that
    stands in the variable ``API_KEY``. Raises :class:`ValueError` where the form cannot hold it."""
    request = probe.request
    match form:
        case Form.RAW:
            return _raw(request)
        case Form.JSON:
            return _line(_json(request))
        case Form.CURL:
            return _line(_curl(_over_http(probe), keyed=keyed))
        case Form.GRPCURL:
            return _line(_grpcurl(request))


def form_for(probe: Probe) -> Form:
    """The most readable form that can hold a probe's request."""
    try:
        written(probe, Form.JSON)
    except ValueError:
        return Form.CURL if isinstance(probe.request, HttpRequest) else Form.GRPCURL
    return Form.GRPCURL if isinstance(probe.request, StreamRequest) else Form.JSON


def _raw(request: object) -> bytes:
    match request:
        case HttpRequest():
            return request.body
        case messages.ModelInferRequest():
            return bytes(request.SerializeToString())
        case _:
            raise ValueError("a stream is several messages; write it as grpcurl")


def _json(request: object) -> str:
    match request:
        case HttpRequest() if request.content_type == JSON:
            return request.body.decode("utf-8", "strict")
        case HttpRequest():
            raise ValueError("the body is no text; write it as curl or raw")
        case StreamRequest():
            return "\n".join(json.dumps(rest_document(message)) for message in request.messages)
        case messages.ModelInferRequest():
            return json.dumps(rest_document(request))
        case _:
            raise TypeError(type(request))


def _over_http(probe: Probe) -> HttpRequest:
    """The request as REST takes it: in JSON where all its values can go that way, else with them behind the JSON."""
    request = probe.request
    match request:
        case HttpRequest():
            return request
        case StreamRequest():
            raise ValueError("REST has no streams; write it as grpcurl")
        case _:
            try:
                return json_request(request, pictures=probe.pictures)
            except NoRestForm:
                return binary_request(request, ())


def _curl(request: HttpRequest, *, keyed: bool) -> str:
    headers = {"Content-Type": request.content_type, **request.headers}
    words = ["curl", "-sS", f"http://{REST_ADDRESS}{request.path}"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    line = shlex.join(words)
    if keyed and request.path.startswith(("/v3/", "/v1/")):
        line += f' -H "Authorization: Bearer ${KEY_VARIABLE}"'
    try:
        text = request.body.decode("utf-8", "strict")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        coded = base64.b64encode(request.body).decode()
        return f"printf %s {coded} | base64 -d | {line} --data-binary @-"
    if len(request.body) > _LONGEST_WORD:
        return f"printf %s {shlex.quote(text)} | {line} --data-binary @-"
    return f"{line} -d {shlex.quote(text)}"


def _grpcurl(request: object) -> str:
    match request:
        case StreamRequest():
            return _grpcurl_line(request.messages, "ModelStreamInfer")
        case messages.ModelInferRequest():
            return _grpcurl_line((request,), "ModelInfer")
        case _:
            raise ValueError("this request goes to the REST port; use curl")


def _grpcurl_line(requests: Sequence[messages.ModelInferRequest], method: str) -> str:
    data = "\n".join(json.dumps(_message(request)) for request in requests)
    words = ["grpcurl", "-plaintext", "-proto", "grpc_predict_v2.proto", "-d"]
    called = [GRPC_ADDRESS, f"{SERVICE}/{method}"]
    if len(data) > _LONGEST_WORD:
        return f"printf %s {shlex.quote(data)} | {shlex.join([*words, '@', *called])}"
    return shlex.join([*words, data, *called])


def _message(request: messages.ModelInferRequest) -> dict[str, Any]:
    message: dict[str, Any] = {
        "model_name": request.model_name,
        "inputs": [
            {"name": tensor.name, "datatype": tensor.datatype, "shape": list(tensor.shape)} for tensor in request.inputs
        ],
        "raw_input_contents": [base64.b64encode(raw).decode() for raw in request.raw_input_contents],
    }
    if request.id:
        message["id"] = request.id
    if parameters := parameters_of(request):
        message["parameters"] = {name: _choice(value) for name, value in parameters.items()}
    return message


def _choice(value: object) -> Mapping[str, object]:
    match value:
        case bool():
            return {"bool_param": value}
        case int():
            return {"int64_param": value}
        case _:
            return {"string_param": value}


def _line(text: str) -> bytes:
    return f"{text}\n".encode()
