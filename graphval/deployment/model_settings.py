"""The small languages of a model's settings in config.json: ``shape``, ``batch_size`` and ``layout``.

Source: OVMS `src/shape.cpp`, `src/layout.cpp`, `src/layout_configuration.cpp`, `src/modelconfig.cpp` (2026.4).
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from graphval.deployment.signature import Dimension

Shape: TypeAlias = "tuple[Dimension, ...]"

AUTO = "auto"
"""The word for ``shape`` and ``batch_size`` that lets each request choose."""

_INT_MAX = 2**31 - 1
_BLANKS = re.compile(r"\s+")
_SHAPE = re.compile(r"\(([0-9,:\-]+)\)")
_LAYOUT = re.compile(r"[NCHWD.?:]*")


class Layout(NamedTuple):
    """``tensor``: how requests lay the data out, ``model``: how the model does. Both in capitals."""

    tensor: str
    model: str


def read_shape(text: str) -> Shape | None:
    """The dimensions of ``(1,3,-1,200:300)``; ``None`` where OVMS cannot read the text, and ignores the setting."""
    match = _SHAPE.fullmatch(_BLANKS.sub("", text))
    if match is None:
        return None
    words = match[1].split(",")
    if words[-1] == "":
        words.pop()  # what follows the last comma is no dimension
    dimensions = [_shape_dimension(word) for word in words]
    known = tuple(dimension for dimension in dimensions if dimension is not None)
    return known if len(known) == len(dimensions) else None


def _shape_dimension(word: str) -> Dimension | None:
    low, colon, high = word.partition(":")
    if colon:
        first, last = _number(low), _number(high)
        return Dimension(first, last) if first is not None and last is not None and first < last else None
    if word == "-1":
        return Dimension(0, None)
    value = _number(word)
    return Dimension(value, value) if value is not None else None


def read_batch_size(text: str) -> Dimension | None:
    """The dimension of ``8``, ``-1`` or ``1:16``; ``None`` where OVMS cannot read the text (it then ignores it)."""
    word = _BLANKS.sub("", text)
    low, colon, high = word.partition(":")
    if colon:
        first, last = _number(low), _number(high)
        return Dimension(first, last) if first and last else None
    return _shape_dimension(word)


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 12 and int(word) <= _INT_MAX else None


def read_layout(text: str) -> Layout | None:
    """Both layouts of ``NHWC:NCHW`` or ``NCHW``; ``None`` where OVMS refuses the text, and with it the model."""
    word = _BLANKS.sub("", text).upper()
    if _LAYOUT.fullmatch(word) is None or word.count(":") > 1:
        return None
    parts = [part for part in word.split(":") if part]
    match parts:
        case [one]:
            return Layout(one, one)
        case [tensor, model]:
            return Layout(tensor, model)
        case _:
            return None


def is_layout(word: str) -> bool:
    """Whether OpenVINO takes a word for a layout: no letter twice, dots only as one ``...``."""
    letters = [letter for letter in word if letter not in ".?"]
    return len(letters) == len(set(letters)) and word.replace("...", "", 1).count(".") == 0


def fits_rank(word: str, rank: int) -> bool:
    """Whether a layout can be that of a tensor with so many dimensions."""
    known = len(word.replace("...", ""))
    return known <= rank if "..." in word else known == rank
