"""``PyTensorOvTensorConverterCalculator``: between ``ov::Tensor`` and Python tensors.

Source: OVMS ``src/python/pytensor_ovtensor_converter_calculator.cc`` (2026.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphval.rehearsal.nodes.interface import Call, NodeError, Surroundings
from graphval.rehearsal.packets import OV_TENSOR, PY_OBJECT
from graphval.rehearsal.pyovms import Tensor, raw_bytes
from graphval.rehearsal.status import NotExercised
from graphval.rehearsal.tensors import DATATYPES, DTYPES, element_count

if TYPE_CHECKING:
    from graphval.graph import Node

OPTIONS = "mediapipe.PyTensorOvTensorConverterCalculatorOptions"
_OV, _PY = ("OVTENSOR", 0), ("OVMS_PY_TENSOR", 0)


class ConverterNode:
    """Makes a Python tensor of an OpenVINO one, or the other way round."""

    def __init__(self, node: Node, surroundings: Surroundings) -> None:
        options = node.options_of(OPTIONS)
        message: Any = options.message if options is not None else None
        self._names: dict[str, str] = dict(message.tag_to_output_tensor_names) if message is not None else {}
        self._handles = surroundings.handles

    def open(self) -> None:
        """Nothing to prepare."""

    def process(self, call: Call) -> None:
        port, packet = next(iter(call.packets.items()))
        held = self._handles.read(packet)
        if held is None:
            raise NotExercised(f"a packet of type {self._handles.type_of(packet)} cannot be converted")
        if port == _OV:
            array = held.value
            tensor = Tensor.received(
                self._names[_PY[0]], np.ascontiguousarray(array).tobytes(), tuple(array.shape), DATATYPES[array.dtype]
            )
            call.emit(_PY, self._handles.make(PY_OBJECT, tensor), call.timestamp)
        else:
            call.emit(_OV, self._handles.make(OV_TENSOR, _array_of(held.value)), call.timestamp)

    def close(self) -> None:
        """Nothing is held."""


def _array_of(tensor: Tensor) -> Any:
    dtype = DTYPES.get(tensor.datatype)
    shape = tuple(tensor.shape)
    if dtype is None:
        raise NodeError("INVALID_ARGUMENT", "Undefined precision in input python tensor")
    if any(d < 0 for d in shape):
        raise NodeError("INVALID_ARGUMENT", "Invalid shape dimension in input python tensor")
    data = raw_bytes(tensor)
    if len(data) != element_count(shape) * dtype.itemsize:
        raise NodeError("INVALID_ARGUMENT", "Python tensor buffer size does not match its shape and datatype")
    return np.frombuffer(data, dtype).reshape(shape)
