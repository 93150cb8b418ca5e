"""KServe's REST form of a request and of its answer: JSON, and JSON with the raw values behind it.

What OVMS makes of both is in its ``src/rest_parser.cpp`` and ``src/rest_utils.cpp`` (2026.4). Values in JSON become
typed contents, values behind it raw ones; some datatypes and streams take only one of them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from graphval.kserve import messages
from graphval.probe.http import HttpRequest, HttpResponseBody, parsed
from graphval.probe.tensors import unpack

HEADER_LENGTH = "Inference-Header-Content-Length"
BINARY = "application/octet-stream"
_INT32 = range(-(1 << 31), 1 << 31)
_UINT32 = range(1 << 32)
JSON_DATATYPES = frozenset(
    {"FP32", "FP64", "INT64", "INT32", "INT16", "INT8", "UINT64", "UINT32", "UINT16", "UINT8", "BOOL", "BYTES"}
)
"""Others are refused with ``REST_UNSUPPORTED_PRECISION``, on the way in and on the way out."""


class NoRestForm(ValueError):
    """A request that REST cannot carry in the form asked for; the text says why."""


@dataclass(frozen=True, slots=True)
class RestOutput:
    """An output as an answer names it."""

    name: str
    datatype: str
    shape: tuple[int, ...]


def infer_path(graph: str) -> str:
    """The path of the REST port that a graph is asked at."""
    return f"/v2/models/{quote(graph, safe='')}/infer"


def rest_document(request: messages.ModelInferRequest) -> dict[str, Any]:
    """A request of raw contents with its values as JSON. Raises :class:`ValueError` for values that JSON does not
    have."""
    inputs = []
    for tensor, raw in zip(request.inputs, request.raw_input_contents, strict=True):
        values = unpack(tensor.datatype, raw)
        if any(isinstance(value, float) and not math.isfinite(value) for value in values):
            raise ValueError(f'"{tensor.name}" holds values that are no numbers, which JSON cannot')
        inputs.append({"name": tensor.name, "shape": list(tensor.shape), "datatype": tensor.datatype, "data": values})
    document: dict[str, Any] = {"inputs": inputs}
    if parameters := parameters_of(request):
        document = {"parameters": parameters, **document}
    return document


def parameters_of(request: messages.ModelInferRequest) -> dict[str, Any]:
    """The request's parameters as plain values, in the order of their names."""
    found: dict[str, Any] = {}
    for name in sorted(request.parameters):
        value = request.parameters[name]
        kind = value.WhichOneof("parameter_choice")
        found[name] = getattr(value, kind) if kind is not None else None
    return found


def json_request(request: messages.ModelInferRequest, *, pictures: Iterable[str] = ()) -> HttpRequest:
    """The request with its values as JSON. ``pictures`` are the inputs that become pictures, which OVMS makes of raw
    values only. Raises :class:`NoRestForm`."""
    _check_parameters(request)
    raw_only = set(pictures)
    for tensor, raw in zip(request.inputs, request.raw_input_contents, strict=True):
        if tensor.name in raw_only:
            raise NoRestForm(f'"{tensor.name}" is a picture, which JSON does not carry')
        if not raw:
            # Of contents without an element OVMS makes a tensor without a place in memory.
            raise NoRestForm(f'"{tensor.name}" has no values')
        if tensor.datatype not in JSON_DATATYPES:
            raise NoRestForm(f'"{tensor.name}" is of {tensor.datatype}, which JSON does not carry')
        limits = {"INT64": _INT32, "UINT64": _UINT32}.get(tensor.datatype)
        if limits is not None and any(value not in limits for value in unpack(tensor.datatype, raw)):
            raise NoRestForm(f'"{tensor.name}" holds numbers of more than 32 bits, which the server does not read')
    try:
        document = rest_document(request)
    except ValueError as why:
        raise NoRestForm(str(why)) from why
    return HttpRequest(infer_path(request.model_name), json.dumps(document).encode())


def binary_request(request: messages.ModelInferRequest, outputs: Iterable[str]) -> HttpRequest:
    """The request with its values raw behind the JSON, asking for these outputs in the same form. Raises
    :class:`NoRestForm`."""
    _check_parameters(request)
    document: dict[str, Any] = {}
    if parameters := parameters_of(request):
        document["parameters"] = parameters
    document["inputs"] = [
        {
            "name": tensor.name,
            "shape": list(tensor.shape),
            "datatype": tensor.datatype,
            "parameters": {"binary_data_size": len(raw)},
        }
        for tensor, raw in zip(request.inputs, request.raw_input_contents, strict=True)
    ]
    document["outputs"] = [{"name": name, "parameters": {"binary_data": True}} for name in outputs]
    head = json.dumps(document).encode()
    body = head + b"".join(request.raw_input_contents)
    return HttpRequest(infer_path(request.model_name), body, BINARY, {HEADER_LENGTH: str(len(head))})


def rest_outputs(body: HttpResponseBody) -> tuple[RestOutput, ...]:
    """The outputs of an answer, each with as many values as its shape says. Raises :class:`ValueError` for an answer
    that is not of KServe's form."""
    length = body.headers.get(HEADER_LENGTH.lower())
    if length is not None and not (length.isascii() and length.isdecimal() and int(length) <= len(body.body)):
        raise ValueError(f"the header {HEADER_LENGTH} says {length}")
    head = len(body.body) if length is None else int(length)
    document = parsed(body.body[:head])
    outputs = document.get("outputs") if isinstance(document, dict) else None
    if not isinstance(outputs, list):
        raise ValueError("it is no JSON object with a list of outputs")
    found, behind = [], len(body.body) - head
    for entry in outputs:
        output = _output(entry)
        size = entry.get("parameters", {}).get("binary_data_size") if "data" not in entry else None
        if size is not None:
            behind -= size
        elif not isinstance(entry.get("data"), list):
            raise ValueError(f'output "{output.name}" has no values')
        elif output.datatype != "BYTES" and len(entry["data"]) != math.prod(output.shape):
            raise ValueError(f'output "{output.name}" has {len(entry["data"])} values, not those of its shape')
        found.append(output)
    if behind:
        raise ValueError(f"{abs(behind)} bytes too {'many' if behind > 0 else 'few'} stand behind the JSON")
    return tuple(found)


def grpc_outputs(response: messages.ModelInferResponse) -> tuple[RestOutput, ...]:
    """The same of an answer over gRPC."""
    return tuple(RestOutput(o.name, o.datatype, tuple(o.shape)) for o in response.outputs)


def _output(entry: Any) -> RestOutput:
    if not isinstance(entry, dict):
        raise ValueError("an output is no JSON object")
    name, datatype, shape = entry.get("name"), entry.get("datatype"), entry.get("shape")
    if not isinstance(name, str) or not isinstance(datatype, str) or not isinstance(shape, list):
        raise ValueError("an output lacks name, datatype or shape")
    parameters = entry.get("parameters", {})
    size = parameters.get("binary_data_size") if isinstance(parameters, dict) else -1
    if not all(isinstance(one, int) for one in shape) or not (size is None or (isinstance(size, int) and size >= 0)):
        raise ValueError(f'the shape or size of output "{name}" is no number')
    return RestOutput(name, datatype, tuple(shape))


def _check_parameters(request: messages.ModelInferRequest) -> None:
    for name, value in parameters_of(request).items():
        if not isinstance(value, str | bool) and not (isinstance(value, int) and value in _INT32):
            raise NoRestForm(f'parameter "{name}" is no text, bool or number of 32 bits')
    if len(request.inputs) != len(request.raw_input_contents):
        raise NoRestForm("its values are not all raw")
