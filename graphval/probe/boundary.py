"""Requests at the edges of what a graph should take, made from its smallest valid request.

Whole numbers stay as they are: they may be positions in a table, and one beyond its end is no edge but a mistake.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graphval.probe.pictures import DEEP
from graphval.probe.synthesis import MadeInput
from graphval.probe.tensors import ELEMENT_BYTES, MAX_BYTES, Tensor, TensorFacts, byte_size, pack, values

_FLOATS = ("FP64", "FP32", "FP16")
_LARGEST = {"FP64": 1.7e308, "FP32": 3.4e38, "FP16": 65504.0}
_ODD_PICTURE = (17, 13)
"""A width that is no multiple of four: rows of pictures may be padded."""

_BATCH = 2
_LONGEST_RAMP = 1 << 20
"""Numbers beyond which a ramp would take longer to make than it is worth."""
_LONG = 64
"""A size for dynamic dimensions that nothing bounds, other than the smallest."""

Variant = tuple[str, list[Tensor]]
"""What is special about a request, and its tensors."""


def boundary_requests(inputs: Sequence[MadeInput], seed: int, *, thorough: bool = False) -> Iterator[Variant]:
    """Variants of a request, each with a word on what it is; the plainest first."""
    if any(made.tensor.datatype in _FLOATS or made.picture for made in inputs):
        yield "all zeros", [_filled(made, 0.0) for made in inputs]
    if any(_batch_grows(made) for made in inputs):
        yield f"batch {_BATCH}", [_resized(made, _with_batch(made), seed) for made in inputs]
    if any(made.picture and made.free for made in inputs):
        height, width = _ODD_PICTURE
        sizes = [(height, width, made.tensor.shape[2]) if made.picture and made.free else None for made in inputs]
        yield (
            f"a picture of {width} x {height}",
            [_resized(made, size, seed) for made, size in zip(inputs, sizes, strict=True)],
        )
    yield from _in_other_formats(inputs, seed, thorough=thorough)
    if not thorough:
        return
    if any(made.tensor.datatype in _FLOATS for made in inputs):
        yield "a ramp", [_ramp(made) for made in inputs]
    if any(made.tensor.datatype in _FLOATS for made in inputs):
        yield "not a number", [_filled(made, math.nan) for made in inputs]
        yield "the largest numbers", [_filled(made, None) for made in inputs]
    if any(_longer(made) for made in inputs):
        yield "larger dynamic dimensions", [_resized(made, _longer(made), seed) for made in inputs]


def _in_other_formats(inputs: Sequence[MadeInput], seed: int, *, thorough: bool) -> Iterator[Variant]:
    """Pictures in each further format that their readers take; those of more than a byte per value if ``thorough``."""
    for made in inputs:
        for other in made.formats:
            if other in DEEP and not thorough:
                continue
            shape = (*made.tensor.shape[:2], other.channels)
            data = values(other.datatype, shape, seed, made.tensor.name)
            picture = replace(made.tensor, datatype=other.datatype, shape=shape, data=data)
            yield f"a picture in {other.name}", [picture if one is made else one.tensor for one in inputs]


def _ramp(made: MadeInput) -> Tensor:
    """Numbers that rise evenly from 0 to 1."""
    tensor = made.tensor
    count = math.prod(tensor.shape)
    if tensor.datatype not in _FLOATS or not 0 < count <= _LONGEST_RAMP:
        return tensor
    return replace(tensor, data=pack(tensor.datatype, [at / max(1, count - 1) for at in range(count)]))


def _filled(made: MadeInput, value: float | None) -> Tensor:
    """The same tensor with one value all over; ``None``: the largest that its type holds. Whole numbers only take 0."""
    tensor = made.tensor
    if tensor.datatype in _FLOATS:
        element = pack(tensor.datatype, [_LARGEST[tensor.datatype] if value is None else value])
    elif made.picture and value == 0.0:
        element = bytes(ELEMENT_BYTES[tensor.datatype])
    else:
        return tensor
    return replace(tensor, data=element * math.prod(tensor.shape))


def _resized(made: MadeInput, shape: tuple[int, ...] | None, seed: int) -> Tensor:
    """The tensor in another shape; as it is where there is none, or it would grow beyond all measure."""
    tensor = made.tensor
    if shape is None or byte_size(tensor.datatype, shape) > MAX_BYTES:
        return tensor
    return replace(tensor, shape=shape, data=values(tensor.datatype, shape, seed, tensor.name))


def _batch_grows(made: MadeInput) -> bool:
    return _with_batch(made) is not None


def _with_batch(made: MadeInput) -> tuple[int, ...] | None:
    """The shape with a second batch, where the model's first dimension is dynamic and is the batch."""
    facts = made.facts
    if facts is None or len(facts.shape) < 2 or facts.layout[:1] not in ("", "N"):
        return None
    first = facts.shape[0]
    if first.fixed or (first.high is not None and first.high < _BATCH) or first.low > _BATCH:
        return None
    return (_BATCH, *made.tensor.shape[1:])


def _longer(made: MadeInput) -> tuple[int, ...] | None:
    """The shape with all dynamic dimensions but the batch at their upper bound, or at a larger size."""
    facts = made.facts
    if facts is None or not _dynamic_beyond_batch(facts):
        return None
    shape = list(made.tensor.shape)
    for position, dimension in enumerate(facts.shape):
        if not dimension.fixed and (position or len(shape) == 1):
            shape[position] = max(dimension.low, min(_LONG, dimension.high or _LONG))
    return tuple(shape)


def _dynamic_beyond_batch(facts: TensorFacts) -> bool:
    rank = len(facts.shape)
    return any(not dimension.fixed for position, dimension in enumerate(facts.shape) if position or rank == 1)
