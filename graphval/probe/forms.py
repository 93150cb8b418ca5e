"""A probe written down, for people to send again: as KServe JSON or an OpenAI body, as a curl or grpcurl line, raw."""

from __future__ import annotations

import base64
import json
import math
import shlex
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from graphval.kserve import SERVICE, messages
from graphval.probe.http import HttpRequest
from graphval.probe.plan import Probe
from graphval.probe.tensors import unpack

GRPC_ADDRESS, REST_ADDRESS = "localhost:9000", "localhost:8000"


class Form(StrEnum):
    """How a request is written. ``JSON`` is the body of a REST request, ``CURL`` and ``GRPCURL`` are command lines,
    ``RAW`` the very bytes (a serialized ``ModelInferRequest``, or the HTTP body)."""

    JSON = "json"
    CURL = "curl"
    GRPCURL = "grpcurl"
    RAW = "raw"


def written(probe: Probe, form: Form) -> bytes:
    """The request of a probe in a form, text ending in a newline. Raises :class:`ValueError` where the form cannot hold
    it."""
    request = probe.request
    match form:
        case Form.RAW:
            return request.body if isinstance(request, HttpRequest) else bytes(request.SerializeToString())
        case Form.JSON:
            return _line(_body(request).decode("utf-8", "strict"))
        case Form.CURL:
            return _line(_curl(request))
        case Form.GRPCURL:
            return _line(_grpcurl(request))


def rest_document(request: messages.ModelInferRequest) -> dict[str, Any]:
    """A request of raw contents in its REST form. Raises :class:`ValueError` for values that JSON does not have."""
    inputs = []
    for tensor, raw in zip(request.inputs, request.raw_input_contents, strict=True):
        values = unpack(tensor.datatype, raw)
        if any(isinstance(value, float) and not math.isfinite(value) for value in values):
            raise ValueError(f'"{tensor.name}" holds values that are no numbers, which JSON cannot')
        inputs.append({"name": tensor.name, "shape": list(tensor.shape), "datatype": tensor.datatype, "data": values})
    document: dict[str, Any] = {"inputs": inputs}
    if parameters := _parameters(request):
        document = {"parameters": parameters, **document}
    return document


def _parameters(request: messages.ModelInferRequest) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in sorted(request.parameters):
        value = request.parameters[name]
        kind = value.WhichOneof("parameter_choice")
        found[name] = getattr(value, kind) if kind is not None else None
    return found


def _body(request: messages.ModelInferRequest | HttpRequest) -> bytes:
    if isinstance(request, HttpRequest):
        return request.body
    return json.dumps(rest_document(request)).encode()


def _curl(request: messages.ModelInferRequest | HttpRequest) -> str:
    path = (
        request.path if isinstance(request, HttpRequest) else f"/v2/models/{quote(request.model_name, safe='')}/infer"
    )
    kind = request.content_type if isinstance(request, HttpRequest) else "application/json"
    if not kind.startswith("application/json"):
        raise ValueError("the body is no text; write it raw and send it with --data-binary @FILE")
    body = _body(request).decode()
    return shlex.join(["curl", "-sS", f"http://{REST_ADDRESS}{path}", "-H", f"Content-Type: {kind}", "-d", body])


def _grpcurl(request: messages.ModelInferRequest | HttpRequest) -> str:
    if isinstance(request, HttpRequest):
        raise ValueError("this request goes to the REST port; use curl")
    message: dict[str, Any] = {
        "model_name": request.model_name,
        "inputs": [
            {"name": tensor.name, "datatype": tensor.datatype, "shape": list(tensor.shape)} for tensor in request.inputs
        ],
        "raw_input_contents": [base64.b64encode(raw).decode() for raw in request.raw_input_contents],
    }
    if parameters := _parameters(request):
        message["parameters"] = {name: _choice(value) for name, value in parameters.items()}
    words = ["grpcurl", "-plaintext", "-proto", "grpc_predict_v2.proto", "-d", json.dumps(message)]
    return shlex.join([*words, GRPC_ADDRESS, f"{SERVICE}/ModelInfer"])


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
