"""KServe's JSON form of requests and responses, and the binary data that may follow it.

Source: OVMS ``src/rest_parser.cpp``, ``src/rest_utils.cpp``, ``src/http_rest_api_handler.cpp`` (2026.4).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from graphval.kserve import messages
from graphval.rehearsal.json_nesting import MOST, nesting
from graphval.rehearsal.rest_reply import Reply
from graphval.rehearsal.status import refuse
from graphval.rehearsal.tensors import CONTENTS_FIELD, DTYPES, element_count

_INT32 = range(-(1 << 31), 1 << 31)


_HEADER_LENGTH = "inference-header-content-length"
_TRUNCATED = 1 << 32


def infer_request(
    name: str, version: str, headers: Mapping[str, str], body: bytes
) -> tuple[messages.ModelInferRequest, frozenset[str]]:
    """The message that a body means, and the outputs wanted as binary data. Raises :class:`Refused`."""
    size = _json_size(headers, len(body))
    document = _read(body[:size])
    request = messages.ModelInferRequest(model_name=name, model_version=version)
    if isinstance(document.get("id"), str):
        request.id = document["id"]
    _parameters(document.get("parameters"), request.parameters)
    inputs = document.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        raise refuse("REST_NO_INPUTS_FOUND")
    for entry in inputs:
        _input(entry, request.inputs.add())
    _binary_inputs(inputs, request, body[size:])
    return request, _binary_outputs(document)


def _json_size(headers: Mapping[str, str], length: int) -> int:
    """How many bytes of a body are JSON."""
    text = next((value for key, value in headers.items() if key.lower() == _HEADER_LENGTH), None)
    if text is None:
        return length
    if not text.isascii() or not text.isdigit() or int(text) >= 1 << 31:
        raise refuse("REST_INFERENCE_HEADER_CONTENT_LENGTH_INVALID")
    if int(text) > length:
        raise refuse("REST_INFERENCE_HEADER_CONTENT_LENGTH_EXCEEDED")
    return int(text)


def _read(text: bytes) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise refuse("JSON_NESTING_DEPTH_EXCEEDED") from error
    except ValueError as error:
        raise refuse("JSON_INVALID", f"Error: {error} Offset: {getattr(error, 'pos', 0)}") from error
    if nesting(document) > MOST:
        raise refuse("JSON_NESTING_DEPTH_EXCEEDED")
    if not isinstance(document, dict):
        raise refuse("REST_BODY_IS_NOT_AN_OBJECT")
    return document


def _binary_inputs(entries: list[Any], request: messages.ModelInferRequest, data: bytes) -> None:
    """Take the data of each input that has none in the JSON from what follows it, in order."""
    at = 0
    for entry, tensor in zip(entries, request.inputs, strict=True):
        declared = tensor.parameters.get("binary_data_size")
        if declared is not None:
            if declared.WhichOneof("parameter_choice") != "int64_param" or declared.int64_param < 0:
                raise refuse("REST_BINARY_DATA_SIZE_PARAMETER_INVALID")
            if "data" in entry:
                raise refuse("REST_CONTENTS_FIELD_NOT_EMPTY")
            size = declared.int64_param
        elif "data" in entry:
            continue
        elif tensor.datatype == "BYTES" and len(request.inputs) == 1:
            size = len(data)
        else:
            dtype = DTYPES.get(tensor.datatype)
            width = 1 if tensor.datatype == "BYTES" else dtype.itemsize if dtype is not None else 0
            size = element_count(tensor.shape) * width
        if at + size > len(data):
            raise refuse("REST_BINARY_BUFFER_EXCEEDED")
        request.raw_input_contents.append(data[at : at + size])
        at += size


def _binary_outputs(document: Mapping[str, Any]) -> frozenset[str]:
    """Outputs listed in the request with ``binary_data``, or listed under ``binary_data_output``. Of several that are
    listed the parser keeps the settings of the last one only."""
    listed = document.get("outputs")
    if listed is None:
        return frozenset()
    if not isinstance(listed, list):
        raise refuse("REST_COULD_NOT_PARSE_OUTPUT")
    everything = isinstance(document.get("parameters"), dict) and document["parameters"].get("binary_data_output")
    wanted: set[str] = set()
    for entry in listed:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise refuse("REST_COULD_NOT_PARSE_OUTPUT")
        own = entry.get("parameters")
        if (own.get("binary_data") if isinstance(own, dict) and "binary_data" in own else everything) is True:
            wanted = {entry["name"]}
        else:
            wanted = set()
    return frozenset(wanted)


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
        return
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


def infer_response(response: messages.ModelInferResponse, binary: frozenset[str]) -> Reply:
    """The form of a response, with the outputs of ``binary`` behind the JSON. Raises :class:`Refused`."""
    if not response.outputs:
        raise refuse("REST_PROTO_TO_STRING_ERROR")
    document: dict[str, Any] = {"model_name": response.model_name, "model_version": response.model_version}
    if response.id:
        document["id"] = response.id
    if response.parameters:
        document["parameters"] = {key: _parameter(value) for key, value in response.parameters.items()}
    outputs: list[dict[str, Any]] = []
    tail: list[bytes] = []
    for output, raw in zip(response.outputs, response.raw_output_contents, strict=True):
        entry: dict[str, Any] = {"name": output.name, "shape": list(output.shape), "datatype": output.datatype}
        if output.name in binary:
            entry["parameters"] = {"binary_data_size": len(raw)}
            tail.append(raw)
        else:
            entry["data"] = _data(output, raw)
        outputs.append(entry)
    document["outputs"] = outputs
    text = json.dumps(document).encode()
    if not tail:
        return Reply(text)
    return Reply(
        text + b"".join(tail), content_type="application/octet-stream", headers={_HEADER_LENGTH: str(len(text))}
    )


def _parameter(value: Any) -> Any:
    kind = value.WhichOneof("parameter_choice")
    if kind == "int64_param":
        # Written as a number of 32 bits, so that a timestamp loses its upper half.
        small = value.int64_param % _TRUNCATED
        return small - _TRUNCATED if small >= _TRUNCATED // 2 else small
    return getattr(value, kind) if kind is not None else None


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
