"""KServe's JSON form of requests and responses.

Source: OVMS ``src/rest_parser.cpp``, ``src/rest_utils.cpp`` (2026.4), ``ovms-kserve-api.md`` sections 7 and 9.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from graphval.kserve import messages
from graphval.rehearsal.status import refuse
from graphval.rehearsal.tensors import CONTENTS_FIELD, DTYPES

_INT32 = range(-(1 << 31), 1 << 31)


def infer_request(name: str, version: str, body: bytes) -> messages.ModelInferRequest:
    """The message that a JSON body means. Raises :class:`Refused`."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refuse("JSON_INVALID", f"Error: {error} Offset: {getattr(error, 'pos', 0)}") from error
    if not isinstance(document, dict):
        raise refuse("REST_BODY_IS_NOT_AN_OBJECT")
    request = messages.ModelInferRequest(model_name=name, model_version=version)
    if isinstance(document.get("id"), str):
        request.id = document["id"]
    _parameters(document.get("parameters"), request.parameters)
    inputs = document.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        raise refuse("REST_NO_INPUTS_FOUND")
    for entry in inputs:
        _input(entry, request.inputs.add())
    return request


def _parameters(written: Any, target: Any) -> None:
    if written is None:
        return
    if not isinstance(written, Mapping):
        raise refuse("REST_COULD_NOT_PARSE_PARAMETERS")
    for key, value in written.items():
        match value:
            case bool():
                target[key].bool_param = value
            case int() if value in _INT32:
                target[key].int64_param = value
            case str():
                target[key].string_param = value
            case _:
                raise refuse("REST_COULD_NOT_PARSE_PARAMETERS")


def _input(entry: Any, tensor: messages.ModelInferRequest.InferInputTensor) -> None:
    if (
        not isinstance(entry, Mapping)
        or not isinstance(entry.get("name"), str)
        or not isinstance(entry.get("datatype"), str)
        or not isinstance(entry.get("shape"), list)
    ):
        raise refuse("REST_COULD_NOT_PARSE_INPUT")
    if not all(isinstance(d, int) and not isinstance(d, bool) and 0 <= d < 1 << 31 for d in entry["shape"]):
        raise refuse("REST_COULD_NOT_PARSE_INPUT")
    tensor.name, tensor.datatype = entry["name"], entry["datatype"]
    tensor.shape.extend(entry["shape"])
    _parameters(entry.get("parameters"), tensor.parameters)
    if "data" not in entry:
        raise refuse("REST_BINARY_BUFFER_EXCEEDED")
    values = list(_flat(entry["data"]))
    try:
        if tensor.datatype == "BYTES":
            tensor.contents.bytes_contents.extend(value.encode() for value in values)
        elif tensor.datatype in CONTENTS_FIELD:
            kind = float if tensor.datatype.startswith("FP") else bool if tensor.datatype == "BOOL" else int
            accepted = (int, float) if kind is float else kind
            if not all(
                isinstance(value, accepted) and (kind is bool or not isinstance(value, bool)) for value in values
            ):
                raise refuse("REST_COULD_NOT_PARSE_INPUT")
            getattr(tensor.contents, CONTENTS_FIELD[tensor.datatype]).extend(kind(value) for value in values)
        else:
            raise refuse("REST_UNSUPPORTED_PRECISION")
    except (TypeError, ValueError, AttributeError) as error:
        raise refuse("REST_COULD_NOT_PARSE_INPUT") from error


def _flat(data: Any) -> Iterator[Any]:
    if not isinstance(data, list):
        raise refuse("REST_COULD_NOT_PARSE_INPUT")
    waiting = [iter(data)]
    while waiting:
        for value in waiting[-1]:
            if isinstance(value, list):
                waiting.append(iter(value))
                break
            yield value
        else:
            waiting.pop()


def infer_response(response: messages.ModelInferResponse) -> dict[str, Any]:
    """The JSON form of a response. Raises :class:`Refused`."""
    if not response.outputs:
        raise refuse("REST_PROTO_TO_STRING_ERROR")
    document: dict[str, Any] = {"model_name": response.model_name, "model_version": response.model_version}
    if response.id:
        document["id"] = response.id
    document["outputs"] = [
        {"name": output.name, "shape": list(output.shape), "datatype": output.datatype, "data": _data(output, raw)}
        for output, raw in zip(response.outputs, response.raw_output_contents, strict=True)
    ]
    return document


def _data(output: Any, raw: bytes) -> list[Any]:
    if output.datatype == "BYTES":
        return list(_strings(raw))
    if output.datatype not in CONTENTS_FIELD:
        raise refuse("REST_UNSUPPORTED_PRECISION")
    return list(np.frombuffer(raw, DTYPES[output.datatype]).tolist())


def _strings(raw: bytes) -> Iterator[str]:
    at = 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4], "little")
        if at + 4 + size > len(raw):
            raise refuse("REST_SERIALIZE_TENSOR_CONTENT_INVALID_SIZE")
        yield raw[at + 4 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size
