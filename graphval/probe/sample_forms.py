"""Samples in the other forms that people have: ``perf_analyzer``'s ``--input-data``, NumPy arrays, pictures.

None of these says all that a request needs, so datatypes and shapes that a file leaves open are those of the request
that would be made up for the graph.

Sources: Triton ``perf_analyzer``, ``docs/input_data.md`` (real input data, JSON); NumPy's ``.npy`` format.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graphval.probe.samples import Expected, Sample, SampleError, flat_values, read_document, read_kserve
from graphval.probe.synthesis import request_of
from graphval.probe.tensors import ELEMENT_BYTES, Tensor, pack

ARRAYS = (".npy", ".npz")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp")
SUFFIXES = (".json", *ARRAYS, *PICTURES)

_KSERVE = {
    "float64": "FP64", "float32": "FP32", "float16": "FP16", "int64": "INT64", "int32": "INT32", "int16": "INT16",
    "int8": "INT8", "uint64": "UINT64", "uint32": "UINT32", "uint16": "UINT16", "uint8": "UINT8", "bool": "BOOL",
}  # fmt: skip

Wanted = Mapping[str, Tensor]
"""The inputs of a made-up request by name; empty where none could be made."""


def read_samples(file: Path, graph: str, inputs: tuple[str, ...], wanted: Wanted) -> tuple[Sample, ...]:
    """The requests that a file holds, by its form. ``inputs`` are the graph's input streams. Raises
    :class:`SampleError`."""
    suffix = file.suffix.lower()
    if suffix in ARRAYS:
        return (_arrays(file, graph, inputs),)
    if suffix in PICTURES:
        return (_picture(file, graph, inputs, wanted),)
    document = read_document(file)
    if isinstance(document, dict) and "inputs" not in document and isinstance(document.get("data"), list):
        return tuple(_perf_analyzer(file, graph, document["data"], document.get("validation_data"), wanted))
    return (read_kserve(file, document, graph),)


# -- perf_analyzer -----------------------------------------------------------------------------------------------------


def _perf_analyzer(file: Path, graph: str, steps: list[Any], validation: object, wanted: Wanted) -> Iterator[Sample]:
    """One request per step; a step that is itself a list is a sequence of requests."""
    flat: list[Any] = []
    for step in steps:
        flat += step if isinstance(step, list) else [step]
    expected = validation if isinstance(validation, list) else []
    for number, step in enumerate(flat):
        name = file.name if len(flat) == 1 else f"{file.name} step {number + 1}"
        tensors = [_step_tensor(key, value, wanted) for key, value in _fields(step).items()]
        yield Sample(name, file, request_of(graph, tensors), _step_expected(expected, number))


def _fields(step: object) -> dict[str, Any]:
    if not isinstance(step, dict):
        raise SampleError("a step of its data is no JSON object")
    return step


def _step_tensor(name: str, value: object, wanted: Wanted) -> Tensor:
    known = wanted.get(name)
    written = value if isinstance(value, dict) else {}
    content, shape = written.get("content", value), written.get("shape")
    if known is None:
        raise SampleError(f'the datatype of "{name}" is not known from the graph; write it as a KServe request')
    if isinstance(content, dict):
        content = content.get("b64")
        if not isinstance(content, str):
            raise SampleError(f'the content of "{name}" is neither a list nor b64')
        try:
            data = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise SampleError(f'"{name}" is no base64: {error}') from error
        count = len(data) // ELEMENT_BYTES.get(known.datatype, 1)
    else:
        numbers = list(flat_values(content))
        count = len(numbers)
        try:
            data = pack(known.datatype, numbers)
        except ValueError as error:
            raise SampleError(f'"{name}": {error}') from error
    return Tensor(name, known.datatype, _shape(name, shape, known, count), data)


def _shape(name: str, written: object, known: Tensor, count: int) -> tuple[int, ...]:
    """The shape as written, else the one that would be made up if it holds as many values, else a flat one."""
    if isinstance(written, list) and all(isinstance(size, int) and size >= 0 for size in written):
        shape = tuple(written)
    else:
        shape = known.shape if math.prod(known.shape) == count else (count,)
    if math.prod(shape) != count:
        raise SampleError(f'"{name}": shape {list(shape)} has {math.prod(shape)} values, its content has {count}')
    return shape


def _step_expected(expected: list[Any], number: int) -> tuple[Expected, ...]:
    """``validation_data`` of a step; values only, since the answer tells its own type."""
    step = expected[number] if number < len(expected) else None
    if not isinstance(step, dict):
        return ()
    found = []
    for name, value in step.items():
        content = value["content"] if isinstance(value, dict) and "content" in value else value
        found.append(Expected(name, tuple(flat_values(content))))
    return tuple(found)


# -- NumPy -------------------------------------------------------------------------------------------------------------


def _arrays(file: Path, graph: str, inputs: tuple[str, ...]) -> Sample:
    """``.npz``: an array per input, by name. ``.npy``: the one input."""
    import numpy as np

    try:
        # Pickled objects would run code of whoever wrote the file.
        with file.open("rb") as stream:
            loaded = np.load(stream, allow_pickle=False)
            arrays = {name: loaded[name] for name in loaded} if hasattr(loaded, "files") else {"": loaded}
    except (OSError, ValueError, EOFError, KeyError) as error:
        raise SampleError(str(error)) from error
    except Exception as error:  # a damaged archive raises what zipfile and zlib happen to raise
        raise SampleError(f"{type(error).__name__}: {error}") from error
    if "" in arrays:
        if len(inputs) != 1:
            raise SampleError(f"one array, but the graph has {len(inputs)} inputs; use .npz with an array for each")
        arrays = {inputs[0]: arrays[""]}
    tensors = []
    for name, array in arrays.items():
        datatype = _KSERVE.get(array.dtype.name)
        if datatype is None:
            raise SampleError(f'"{name}" has the type {array.dtype}, which KServe does not have')
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        tensors.append(Tensor(name, datatype, tuple(array.shape), np.ascontiguousarray(little).tobytes()))
    return Sample(file.name, file, request_of(graph, tensors))


# -- pictures ----------------------------------------------------------------------------------------------------------


def _picture(file: Path, graph: str, inputs: tuple[str, ...], wanted: Wanted) -> Sample:
    """A picture for the graph's one picture input, as height x width x RGB; other inputs are made up."""
    try:
        import cv2
    except ImportError as error:
        raise SampleError("reading pictures needs OpenCV, which comes with graphval[rehearsal]") from error
    read: Any = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if read is None:
        raise SampleError("no picture that OpenCV can read")
    pixels = cv2.cvtColor(read, cv2.COLOR_BGR2RGB)
    fitting = [name for name in inputs if name in wanted and wanted[name].datatype == "UINT8" and _is_hwc(wanted[name])]
    if len(fitting) != 1:
        raise SampleError(f"a picture fits {len(fitting)} inputs of the graph, not one; write a KServe request")
    missing = [name for name in inputs if name not in wanted]
    if missing:
        raise SampleError(f'input "{missing[0]}" is needed too; write a KServe request')
    picture = Tensor(fitting[0], "UINT8", tuple(int(size) for size in pixels.shape), pixels.tobytes())
    tensors = [picture if name == picture.name else wanted[name] for name in inputs]
    return Sample(file.name, file, request_of(graph, tensors))


def _is_hwc(tensor: Tensor) -> bool:
    return len(tensor.shape) == 3 and tensor.shape[2] == 3


__all__ = ["SUFFIXES", "Wanted", "read_samples"]
