"""Tensors of a request: what a model asks for, and values that fit it.

Element sizes and names are KServe's; what OVMS takes in which form is in its ``src/kfs_frontend/kfs_utils.cpp`` and
``kfs_graph_executor_impl.cpp`` (2026.4).
"""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from graphval.deployment.signature import Dimension

ELEMENT_BYTES = {
    "FP64": 8, "FP32": 4, "FP16": 2, "INT64": 8, "INT32": 4, "INT16": 2, "INT8": 1,
    "UINT64": 8, "UINT32": 4, "UINT16": 2, "UINT8": 1, "BOOL": 1,
}  # fmt: skip
MAX_BYTES = 256 << 20
"""Larger inputs are not made up: a gigabyte of invented numbers tells nothing that fewer do not."""

_PACKED = {
    "FP64": "d", "FP32": "f", "FP16": "e", "INT64": "q", "INT32": "i", "INT16": "h", "INT8": "b",
    "UINT64": "Q", "UINT32": "I", "UINT16": "H", "UINT8": "B", "BOOL": "?",
}  # fmt: skip
_PATTERN = 4096
"""Values repeat after so many; making each anew would cost more than sending them."""


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """What a model wants of one input. ``layout`` such as ``NHWC`` where it is known."""

    name: str
    datatype: str
    shape: tuple[Dimension, ...]
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One input of a request, its values as raw bytes."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    data: bytes


def dimension(size: int) -> Dimension:
    """A dimension as KServe metadata writes it: ``-1`` is dynamic."""
    return Dimension(size, size) if size >= 0 else Dimension(1, None)


def concrete_shape(facts: TensorFacts) -> tuple[int, ...]:
    """Sizes for the dynamic dimensions: batch 1, 3 channels, small spatial and sequence sizes, bounds honoured."""
    return tuple(d.low if d.fixed else _bounded(_usual(position, facts), d) for position, d in enumerate(facts.shape))


def values(datatype: str, shape: tuple[int, ...], seed: int, name: str) -> bytes:
    """Values that nearly every model takes, the same for the same arguments: fractions of one, small whole numbers.

    Whole numbers stay at 0 and 1, since they may be positions in a table (tokens of a vocabulary, labels).
    """
    count = math.prod(shape)
    generator = random.Random(crc32(f"{seed}:{name}:{datatype}".encode()))
    length = min(count, _PATTERN)
    numbers: list[float] | list[int]
    if datatype.startswith("FP"):
        numbers = [generator.randrange(256) / 256 for _ in range(length)]
    elif datatype == "UINT8":
        numbers = [generator.randrange(256) for _ in range(length)]
    else:
        numbers = [generator.randrange(2) for _ in range(length)]
    pattern = pack(datatype, numbers)
    whole, rest = divmod(count, length) if length else (0, 0)
    return pattern * whole + pattern[: rest * ELEMENT_BYTES[datatype]]


def pack(datatype: str, numbers: Sequence[Any]) -> bytes:
    """The raw bytes of values; ``BYTES`` elements get KServe's length prefix. Raises :class:`ValueError`."""
    if datatype == "BYTES":
        texts = [str(value).encode() for value in numbers]
        return b"".join(struct.pack("<I", len(text)) + text for text in texts)
    if datatype not in _PACKED:
        raise ValueError(f"datatype {datatype} is unknown")
    try:
        return struct.pack(f"<{len(numbers)}{_PACKED[datatype]}", *numbers)
    except (struct.error, OverflowError) as error:
        raise ValueError(f"a value does not fit {datatype}: {error}") from error


def unpack(datatype: str, raw: bytes) -> list[Any]:
    """The values of raw bytes; ``BYTES`` elements as text. Raises :class:`ValueError`."""
    if datatype == "BYTES":
        return list(_texts(raw))
    if datatype not in _PACKED:
        raise ValueError(f"datatype {datatype} is unknown")
    size = ELEMENT_BYTES[datatype]
    if len(raw) % size:
        raise ValueError(f"{len(raw)} bytes are no whole number of {datatype} values")
    return list(struct.unpack(f"<{len(raw) // size}{_PACKED[datatype]}", raw))


def _texts(raw: bytes) -> Iterator[str]:
    at = 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4], "little")
        if at + 4 + size > len(raw):
            raise ValueError("a length reaches beyond the end")
        yield raw[at + 4 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size


def byte_size(datatype: str, shape: tuple[int, ...]) -> int:
    """Bytes of a tensor whose elements have a fixed size."""
    return math.prod(shape) * ELEMENT_BYTES[datatype]


def _usual(position: int, facts: TensorFacts) -> int:
    rank = len(facts.shape)
    letter = facts.layout[position] if len(facts.layout) == rank else ""
    if letter == "N" or (not letter and position == 0 and rank > 1):
        return 1
    if letter == "C":
        return 3
    if letter in ("H", "W") or rank >= 4:
        return 32
    return 8


def _bounded(size: int, bounds: Dimension) -> int:
    return max(size, bounds.low) if bounds.high is None else min(max(size, bounds.low), bounds.high)
