"""Packets that carry what Python cannot make as C++ objects.

The bindings can neither create nor read ``ov::Tensor``, ``tensorflow::Tensor``, Python objects or whole requests.
Such a value waits in a table of the run; through the framework travels a packet of a C++ type that no calculator of
the server deals in (``framework.HANDLE_TYPES``) and that holds the value's number. Untyped calculators hand it on like
any packet, typed ones refuse it as they would refuse the real thing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from graphval.rehearsal.framework import HANDLE_TYPES, bindings, cpp_type, translate_types
from graphval.rehearsal.status import NotExercised

OV_TENSOR = "ov::Tensor"
OV_TENSORS = "std::vector<ov::Tensor>"
MP_TENSOR = "mediapipe::Tensor"
MP_TENSORS = "std::vector<mediapipe::Tensor>"
TF_TENSOR = "tensorflow::Tensor"
PY_OBJECT = "ovms::PyObjectWrapper<pybind11::object>"
HTTP_PAYLOAD = "ovms::HttpPayload"
DETECTIONS = "std::vector<mediapipe::Detection>"
STRING = "string"
IMAGE_FRAME = "mediapipe::ImageFrame"
KFS_REQUEST = "inference::ModelInferRequest const*"
KFS_RESPONSE = "inference::ModelInferResponse"

_CAPACITY = {MP_TENSOR: 1 << 15, OV_TENSORS: 1 << 16, TF_TENSOR: 1 << 8}
"""How many packets of a type fit into the numbers of its handles; the rest hold 31 bits."""
_MOST = 1 << 31
_TURNING = {HTTP_PAYLOAD: 1 << 7}
"""Types whose numbers start anew after so many: their packets are read at once, and a pool's runs go on for ever."""


@dataclass(frozen=True, slots=True)
class Held:
    """A value that waits behind a handle, with the C++ type it stands for."""

    type: str
    value: Any


class Handles:
    """The table of one run."""

    def __init__(self) -> None:
        self._held: dict[str, list[Any]] = {}
        self._lock = threading.Lock()

    def make(self, type_name: str, value: Any) -> Any:
        """A packet that stands for ``value`` of C++ type ``type_name``."""
        with self._lock:
            table = self._held.setdefault(type_name, [])
            number = len(table)
            if number == _TURNING.get(type_name):
                table.clear()
                number = 0
            if number >= _CAPACITY.get(type_name, _MOST):
                raise NotExercised(f"more than {number} packets of type {type_name} in one run")
            table.append(value)
        create = bindings()._packet_creator
        match type_name:
            case "ov::Tensor":
                return create.create_uint32(number)
            case "std::vector<ov::Tensor>":
                return create.create_uint16(number)
            case "mediapipe::Tensor":
                return create.create_int16(number)
            case "std::vector<mediapipe::Tensor>":
                return create.create_double(float(number))
            case "tensorflow::Tensor":
                return create.create_uint8(number)
            case "ovms::HttpPayload":
                return create.create_int8(number)
            case "ovms::PyObjectWrapper<pybind11::object>":
                return create.create_string_to_packet_map({"": create.create_int32(number)})
            case _:
                return create.create_packet_vector([create.create_int32(number)])

    def read(self, packet: Any) -> Held | None:
        """What a packet stands for; ``None`` if it is a real one."""
        stored = cpp_type(packet)
        type_name = HANDLE_TYPES.get(stored)
        if type_name is None:
            return None
        get = bindings()._packet_getter
        if stored.startswith("unsigned"):
            number = get.get_uint(packet)
        elif stored == "double":
            number = int(get.get_float(packet))
        elif stored in ("short", "signed char"):
            number = get.get_int(packet)
        elif type_name == PY_OBJECT:
            number = get.get_int(get.get_str_to_packet_dict(packet)[""])
        else:
            number = get.get_int(get.get_packet_list(packet)[0])
        return Held(type_name, self._held[type_name][number])

    def type_of(self, packet: Any) -> str:
        """The C++ type the server's packet would have."""
        stored = cpp_type(packet)
        return HANDLE_TYPES.get(stored) or translate_types(stored)
