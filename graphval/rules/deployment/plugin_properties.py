"""Which properties the devices of a model know, and which values they take.

Source: OVMS `src/ov_utils.cpp` and `src/json_parser.cpp` (2026.4).
"""

from __future__ import annotations

import re

from graphval.catalog import DeviceProperties, DeviceProperty
from graphval.deployment.json_tree import JsonMember

NO_DEVICE = frozenset({"CPU", "GPU"})
"""Without a device OVMS takes a GPU where there is one, else the CPU."""

_ALWAYS = "ENABLE_MMAP"
_RENAMED = {"CPU_THROUGHPUT_STREAMS": "NUM_STREAMS", "GPU_THROUGHPUT_STREAMS": "NUM_STREAMS"}
_RENAMED_TEXT = {**_RENAMED, "CPU_THREADS_NUM": "INFERENCE_NUM_THREADS"}
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?")
_ELEMENT_TYPE = "f32"


def devices_of(target: str) -> frozenset[str]:
    """The plugins that a ``target_device`` names: ``HETERO:GPU.0,CPU`` names three."""
    head, _, rest = target.partition(":")
    words = [head, *rest.split(",")]
    names = {word.strip().removeprefix("-").partition("(")[0].partition(".")[0] for word in words}
    return frozenset(name for name in names if name) or NO_DEVICE


def written_as(member: JsonMember) -> str:
    """The property that OVMS makes of a key: it renames a few old ones."""
    renamed = _RENAMED_TEXT if member.value.kind == "string" else _RENAMED
    return renamed.get(member.key, member.key)


def known_keys(devices: frozenset[str], properties: DeviceProperties) -> frozenset[str]:
    """The keys that OVMS lets pass for these devices."""
    return frozenset({_ALWAYS}).union(*(properties.supported_by(device) for device in devices))


def is_refused(found: DeviceProperty, value: object) -> bool:
    """Whether the CPU plugin refuses a JSON value, going by what it took when it was tried. Values of which that tells
    nothing count as taken."""
    if not found.accepts:
        return False
    if isinstance(value, bool):
        return not _took(found, True)
    if isinstance(value, int | float):
        return _number_refused(found, value)
    return isinstance(value, str) and _text_refused(found, value)


def _took(found: DeviceProperty, value: object) -> bool:
    return any(type(taken) is type(value) and taken == value for taken in found.accepts)


def _number_refused(found: DeviceProperty, value: float) -> bool:
    if "." in str(value) or "e" in str(value):
        return not any(isinstance(taken, float) for taken in found.accepts) or (value < 0 and not _took(found, -0.5))
    return not _took(found, -1) if value < 0 else not _took(found, min(int(value), 2))


def _text_refused(found: DeviceProperty, value: str) -> bool:
    if found.kind == "text" or _took(found, value):
        return False
    if found.kind == "boolean":
        return value.lower() not in {taken.lower() for taken in found.accepts if isinstance(taken, str)}
    if found.kind == "choice":
        # Of element types not every spelling was tried; those that are none have no digit.
        return _ELEMENT_TYPE not in found.accepts or not any(character.isdigit() for character in value)
    return _NUMBER.match(value) is None
