"""Requests that a server must refuse, made from a valid one: what they show is that it lives and serves on.

OVMS looks at names, counts, shapes, sizes and, for some streams, datatypes before it makes a packet
(``src/kfs_frontend/kfs_graph_executor_impl.cpp``, 2026.4). What it does not look at is the nodes' to refuse, and they
may take it: a stream that Python reads has any datatype, one that passes whole requests on has any tensors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphval.kserve import messages
from graphval.probe.http import HttpRequest
from graphval.probe.rest import infer_path
from graphval.probe.streams import StreamRequest, misdirected
from graphval.probe.tensors import ELEMENT_BYTES

_HUGE = 1 << 30
_REQUEST, _PYTHON, _IMAGE, _TENSOR = "REQUEST", "OVMS_PY_TENSOR", "IMAGE", "TENSOR"
_UNTAKEN = {_IMAGE: ("INT32", 4), _TENSOR: ("INT64", 8)}
"""Datatypes that OVMS makes no packet of, with their size: of a picture, of a ``mediapipe::Tensor``."""

_KIN = {
    "FP32": "INT32", "INT32": "FP32", "UINT32": "FP32", "FP64": "INT64", "INT64": "FP64", "UINT64": "FP64",
    "FP16": "INT16", "INT16": "FP16", "UINT16": "FP16", "UINT8": "INT8", "INT8": "UINT8", "BOOL": "INT8",
}  # fmt: skip
"""Another datatype of the same size, so that nothing but the datatype is wrong."""

Prefixes: TypeAlias = Mapping[str, str]
"""What OVMS makes of each graph input: the beginning of its tag; an input without one is a tensor of OpenVINO."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A request with a word on what is wrong with it. ``certain``: OVMS itself refuses it, whatever the nodes take."""

    note: str
    request: messages.ModelInferRequest | HttpRequest | StreamRequest
    certain: bool = True


def refusal_requests(valid: messages.ModelInferRequest, prefixes: Prefixes) -> Iterator[Broken]:
    """Broken variants of a request that has raw contents; those that only its frame is wrong with come last."""
    if not valid.inputs or len(valid.raw_input_contents) != len(valid.inputs):
        return
    yield _without_last(valid)
    yield _misnamed(valid)
    first = prefixes.get(valid.inputs[0].name, "")
    if first != _REQUEST:
        yield from _misshapen(valid, first)
        yield from _of_another_type(valid, first)
    name = valid.model_name
    yield Broken("to another graph, within a stream", misdirected(valid))
    yield Broken("with its JSON cut off", HttpRequest(infer_path(name), b'{"inputs": [{"name": "'))


def _without_last(valid: messages.ModelInferRequest) -> Broken:
    request = _copy(valid)
    del request.inputs[-1]
    del request.raw_input_contents[-1]
    # Since 2026.4 a server can be told to take requests that lack an input (--disable_input_count_validation).
    return Broken(f'without the input "{valid.inputs[-1].name}"', request, certain=False)


def _misnamed(valid: messages.ModelInferRequest) -> Broken:
    request = _copy(valid)
    taken = {tensor.name for tensor in valid.inputs}
    name = f"{valid.inputs[-1].name}_of_no_graph"
    while name in taken:
        name += "_"
    request.inputs[-1].name = name
    return Broken(f'with "{valid.inputs[-1].name}" under another name', request)


def _misshapen(valid: messages.ModelInferRequest, prefix: str) -> Iterator[Broken]:
    """Values that do not fill the shape."""
    tensor, raw = valid.inputs[0], valid.raw_input_contents[0]
    if not raw or tensor.datatype not in ELEMENT_BYTES:
        return
    request = _copy(valid)
    request.raw_input_contents[0] = raw[:-1]
    yield Broken(f'with a byte too few in "{tensor.name}"', request)

    request = _copy(valid)
    if prefix == _TENSOR and tensor.shape:
        # OVMS allocates such a tensor before it looks at the size, and a huge one ends the process.
        request.inputs[0].shape[0] = 2 * tensor.shape[0]
    else:
        request.inputs[0].shape[:] = [_HUGE, *tensor.shape]
    yield Broken(f'with a shape far beyond the values of "{tensor.name}"', request)


def _of_another_type(valid: messages.ModelInferRequest, prefix: str) -> Iterator[Broken]:
    tensor, raw = valid.inputs[0], valid.raw_input_contents[0]
    if tensor.datatype in ELEMENT_BYTES:
        request = _copy(valid)
        untaken = _UNTAKEN.get(prefix)
        datatype = untaken[0] if untaken is not None else _KIN[tensor.datatype]
        request.inputs[0].datatype = datatype
        if untaken is not None:
            request.raw_input_contents[0] = bytes(len(raw) // ELEMENT_BYTES[tensor.datatype] * untaken[1])
        note = f'with {datatype} instead of {tensor.datatype} in "{tensor.name}"'
        yield Broken(note, request, certain=untaken is not None)

    request = _copy(valid)
    request.inputs[0].datatype = "NO_TYPE"
    # Python gets datatypes of its own; a type that OVMS does not know has elements of no size.
    certain = prefix != _PYTHON and bool(raw)
    yield Broken(f'with an unknown datatype for "{tensor.name}"', request, certain=certain)


def _copy(request: messages.ModelInferRequest) -> messages.ModelInferRequest:
    copied = messages.ModelInferRequest()
    copied.CopyFrom(request)
    return copied
