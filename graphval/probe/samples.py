"""Request samples: KServe v2 requests in their REST JSON form, written by the user.

A file holds ``{"inputs": [{"name", "shape", "datatype", "data"}], "parameters": {…}}``; ``data`` is flat or nested, and
``b64`` in its stead holds bytes as they are, of any datatype. What the answer should be may stand beside it:
``"expected": {"outputs": [{"name", "data"}], "tolerance": 0.001}``; for a sample of any form it may also be a file of
its own: ``a.npy``, ``a.npy.expected.json``.

Samples lie in ``<samples>/<graph>/`` or ``<samples>/<deployment>/<graph>/``, or are named for a graph one by one; what
ends in ``.openai.json`` is for ``/v3``.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graphval.kserve import messages
from graphval.probe.asking import ProbeSettings
from graphval.probe.tensors import ELEMENT_BYTES, pack

OPENAI_SUFFIX = ".openai.json"
EXPECTED_SUFFIX = ".expected.json"
MAX_FILE_BYTES = 64 << 20
DEFAULT_TOLERANCE = 1e-5


class SampleError(Exception):
    """A sample cannot be read as a request; the text says why."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an output should hold. ``shape`` and ``datatype`` are ``None`` where anything will do; numbers may differ by
    ``tolerance``, and by the same share of themselves."""

    name: str
    values: tuple[Any, ...]
    shape: tuple[int, ...] | None = None
    datatype: str | None = None
    tolerance: float = DEFAULT_TOLERANCE


@dataclass(frozen=True, slots=True)
class Sample:
    """A request of the user's own. ``name`` is its file's name, with the step where a file holds several."""

    name: str
    file: Path
    request: messages.ModelInferRequest
    expected: tuple[Expected, ...] = ()


def sample_files(
    settings: ProbeSettings, deployment: str, graph: str, suffixes: tuple[str, ...] = (".json",)
) -> Iterator[Path]:
    """The samples of one graph that are tensors, in the order of their names, or in which they were named."""
    yield from (
        file
        for file in _files(settings, deployment, graph)
        if file.suffix.lower() in suffixes and not file.name.endswith((OPENAI_SUFFIX, EXPECTED_SUFFIX))
    )


def openai_files(settings: ProbeSettings, deployment: str, graph: str) -> Iterator[Path]:
    """Those that are bodies for ``/v3``, in the same order."""
    yield from (file for file in _files(settings, deployment, graph) if file.name.endswith(OPENAI_SUFFIX))


def _files(settings: ProbeSettings, deployment: str, graph: str) -> Iterator[Path]:
    """The files that were named for the graph, else all of the first folder that has a place for it."""
    if graph in settings.named:
        yield from settings.named[graph]
        return
    for folder in settings.samples:
        for place in (folder / deployment / graph, folder / graph):
            if place.is_dir():
                yield from sorted(file for file in place.iterdir() if file.is_file())
                return


def read_document(file: Path) -> object:
    """The JSON of a file. Raises :class:`SampleError`."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise SampleError(f"larger than {MAX_FILE_BYTES >> 20} MiB")
        document: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SampleError(str(error)) from error
    return document


def read_kserve(file: Path, document: object, graph: str) -> Sample:
    """A KServe v2 request, with what its answer should be under ``expected``. Raises :class:`SampleError`."""
    if not isinstance(document, dict) or not isinstance(document.get("inputs"), list):
        raise SampleError('no list "inputs"')
    request = messages.ModelInferRequest(model_name=graph, id=str(document.get("id", "")))
    for entry in document["inputs"]:
        _add_input(request, entry)
    for name, value in _mapping(document.get("parameters"), "parameters").items():
        set_parameter(request, name, value)
    return Sample(file.name, file, request, tuple(_expected(document.get("expected"))))


def with_expected(samples: tuple[Sample, ...], file: Path) -> tuple[Sample, ...]:
    """The samples of a file with what lies beside it under ``expected``, where there is such a file: it says what the
    answer to the only one should be. Raises :class:`SampleError`."""
    beside = file.with_name(file.name + EXPECTED_SUFFIX)
    if not beside.is_file():
        return samples
    if len(samples) != 1:
        raise SampleError(f"{beside.name} is for one request, and there are {len(samples)}")
    return (replace(samples[0], expected=tuple(_expected(read_document(beside)))),)


def _expected(written: object) -> Iterator[Expected]:
    if written is None:
        return
    fields = _mapping(written, '"expected"')
    outputs, tolerance = fields.get("outputs"), fields.get("tolerance", DEFAULT_TOLERANCE)
    if not isinstance(outputs, list):
        raise SampleError('"expected" has no list "outputs"')
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance < math.inf:
        raise SampleError('the "tolerance" of "expected" is no number that is zero or more')
    for output in outputs:
        one = _mapping(output, "an expected output")
        name, shape, datatype = one.get("name"), one.get("shape"), one.get("datatype")
        if not isinstance(name, str):
            raise SampleError("an expected output lacks its name")
        if shape is not None and not (isinstance(shape, list) and all(isinstance(size, int) for size in shape)):
            raise SampleError(f'expected output "{name}": a shape is a list of whole numbers')
        yield Expected(
            name,
            tuple(flat_values(one.get("data"))),
            None if shape is None else tuple(shape),
            datatype if isinstance(datatype, str) else None,
            float(tolerance),
        )


def set_parameter(request: messages.ModelInferRequest, name: str, value: object) -> None:
    """Give a request parameter of one of the kinds OVMS makes a side packet of. Raises :class:`SampleError`."""
    match value:
        case bool():
            request.parameters[name].bool_param = value
        case int() if -(1 << 63) <= value < 1 << 63:
            request.parameters[name].int64_param = value
        case str():
            request.parameters[name].string_param = value
        case _:
            raise SampleError(f'parameter "{name}" is no string, whole number or bool')


def _add_input(request: messages.ModelInferRequest, entry: object) -> None:
    fields = _mapping(entry, "an input")
    name, datatype, shape = fields.get("name"), fields.get("datatype"), fields.get("shape")
    if not isinstance(name, str) or not isinstance(datatype, str) or not isinstance(shape, list):
        raise SampleError("an input lacks name, datatype or shape")
    if not all(isinstance(size, int) and not isinstance(size, bool) and size >= 0 for size in shape):
        raise SampleError(f'input "{name}": a shape is a list of whole numbers')
    if "b64" in fields:
        _add_raw(request, name, datatype, shape, fields["b64"])
        return
    flat = list(flat_values(fields.get("data")))
    if len(flat) != math.prod(shape):
        raise SampleError(f'input "{name}": shape {shape} has {math.prod(shape)} values, data has {len(flat)}')
    request.inputs.add(name=name, datatype=datatype, shape=shape)
    try:
        request.raw_input_contents.append(pack(datatype, flat))
    except ValueError as error:
        raise SampleError(f'input "{name}": {error}') from error


def _add_raw(request: messages.ModelInferRequest, name: str, datatype: str, shape: list[int], text: object) -> None:
    """Bytes as they are, which a datatype of user code's own needs; those of a known one must be as many as it has."""
    try:
        raw = base64.b64decode(text if isinstance(text, str) else "?", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SampleError(f'input "{name}": its b64 is no base64: {error}') from error
    size = ELEMENT_BYTES.get(datatype)
    if size is not None and len(raw) != size * math.prod(shape):
        raise SampleError(f'input "{name}": {datatype} of shape {shape} has other than {len(raw)} bytes')
    request.inputs.add(name=name, datatype=datatype, shape=shape)
    request.raw_input_contents.append(raw)


def flat_values(data: object) -> Iterator[Any]:
    """Values of a flat or nested list, in order; iterative, since nesting comes from outside."""
    pending: list[Any] = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(reversed(value))
        elif value is not None:
            yield value


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if value is None and what == "parameters":
        return {}
    if not isinstance(value, dict):
        raise SampleError(f"{what} is no JSON object")
    return value
