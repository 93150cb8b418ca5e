"""What OVMS's KServe front end makes of a graph stream: its name, and a packet type chosen by tag prefix.

Source: OVMS ``src/mediapipe_internal/mediapipe_utils.cpp`` and ``packettypes.hpp`` (2026.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graphval.rehearsal import packets


class PacketType(StrEnum):
    """The word OVMS logs for the type."""

    REQUEST = "REQUEST"
    RESPONSE = "RESPONSE"
    TFTENSOR = "TFTENSOR"
    TFLITE_TENSOR = "TFLITE_TENSOR"
    OVTENSOR = "OVTENSOR"
    OVMS_PY_TENSOR = "OVMS_PY_TENSOR"
    TENSOR = "TENSOR"
    IMAGE = "IMAGE"
    UNKNOWN = "UNKNOWN"


CPP_TYPE = {
    PacketType.REQUEST: packets.KFS_REQUEST,
    PacketType.RESPONSE: packets.KFS_RESPONSE,
    PacketType.TFTENSOR: packets.TF_TENSOR,
    PacketType.OVTENSOR: packets.OV_TENSOR,
    PacketType.UNKNOWN: packets.OV_TENSOR,
    PacketType.OVMS_PY_TENSOR: packets.PY_OBJECT,
    PacketType.TENSOR: packets.MP_TENSOR,
    PacketType.IMAGE: packets.IMAGE_FRAME,
}
"""The C++ type the front end reads and writes for each packet type."""

_PREFIXES = tuple(kind for kind in PacketType if kind is not PacketType.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Border:
    """A graph input or output as the front end sees it. ``text`` is the entry as written."""

    text: str
    name: str
    type: PacketType


def border_of(text: str) -> Border:
    """Split an entry: the last token is the name, the first decides the type."""
    tokens = text.split(":")
    if len(tokens) == 1:
        return Border(text, text, PacketType.UNKNOWN)
    kind = next((k for k in _PREFIXES if tokens[0].startswith(k.value)), PacketType.UNKNOWN)
    return Border(text, tokens[-1], kind)
