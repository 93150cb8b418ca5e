"""The forms of picture that a request can bring into a graph, and those that each reader of pictures takes.

OVMS chooses the format by datatype and number of channels (``src/kfs_frontend/kfs_graph_executor_impl.cpp``, 2026.4).
What readers take is what their sources check (``image_to_tensor_converter_opencv.cc``, ``color_convert_calculator.cc``,
``annotation_overlay_calculator.cc``, ``opencv_image_encoder_calculator.cc``; fork of OVMS 2026.4); of others it is only
known that people send them colours. ``mediapipe::Image`` has no format of 16 bits and ends the process (``image.h``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class PictureFormat(NamedTuple):
    """MediaPipe's name of a format, and how a request says it."""

    name: str
    datatype: str
    channels: int


SRGB, GRAY8, SRGBA = (
    PictureFormat("SRGB", "UINT8", 3),
    PictureFormat("GRAY8", "UINT8", 1),
    PictureFormat("SRGBA", "UINT8", 4),
)
DEEP = (
    PictureFormat("GRAY16", "UINT16", 1),
    PictureFormat("SRGB48", "UINT16", 3),
    PictureFormat("SRGBA64", "UINT16", 4),
    PictureFormat("VEC32F1", "FP32", 1),
    PictureFormat("VEC32F2", "FP32", 2),
    PictureFormat("VEC32F4", "FP32", 4),
)
"""Formats of more than a byte per value."""

EVERY = (SRGB, GRAY8, SRGBA, *DEEP)

_OF_READER: dict[str, tuple[PictureFormat, ...]] = {
    "AnnotationOverlayCalculator": (SRGB, GRAY8, SRGBA),
    "ImagePropertiesCalculator": EVERY,
    "ImageToTensorCalculator": (SRGB, SRGBA),
    "ImageTransformationCalculator": (SRGB, GRAY8, SRGBA),
    "OpenCvImageEncoderCalculator": (SRGB, GRAY8),
    "ToImageCalculator": (SRGB, GRAY8, SRGBA),
}
_OF_TAG: dict[tuple[str, str], tuple[PictureFormat, ...]] = {
    ("ColorConvertCalculator", "RGB_IN"): (SRGB,),
    ("ColorConvertCalculator", "BGR_IN"): (SRGB,),
    ("ColorConvertCalculator", "RGBA_IN"): (SRGBA,),
    ("ColorConvertCalculator", "BGRA_IN"): (SRGBA,),
    ("ColorConvertCalculator", "GRAY_IN"): (GRAY8,),
}


def taken_by(calculator: str, tag: str) -> tuple[PictureFormat, ...]:
    """What a node takes under a tag."""
    return _OF_TAG.get((calculator, tag)) or _OF_READER.get(calculator, (SRGB,))


def common(taken: Iterable[tuple[PictureFormat, ...]]) -> tuple[PictureFormat, ...]:
    """What all readers take, the most usual first; colours where they agree on nothing, which a request then shows."""
    left: tuple[PictureFormat, ...] = EVERY
    for formats in taken:
        left = tuple(one for one in left if one in formats)
    return left or (SRGB,)
