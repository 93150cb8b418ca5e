"""From packets to a KServe response.

The front end reads an output packet as the type its tag declares and asks nothing before: a packet of any other type
ends the whole process. Source: OVMS ``src/kfs_frontend/kfs_graph_executor_impl.cpp`` (2026.4).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphval.kserve import messages
from graphval.rehearsal.death import check_failed
from graphval.rehearsal.framework import bindings
from graphval.rehearsal.journal import journal
from graphval.rehearsal.packets import Handles
from graphval.rehearsal.pyovms import raw_bytes
from graphval.rehearsal.status import NotExercised
from graphval.rehearsal.stream_types import CPP_TYPE, Border, PacketType
from graphval.rehearsal.tensors import DATATYPES, fill_output


def write_output(response: messages.ModelInferResponse, border: Border, packet: Any, handles: Handles) -> None:
    """Append one output packet to a response. Ends the process where the packet's type is not the tag's."""
    stored, wanted = handles.type_of(packet), CPP_TYPE[border.type]
    journal.debug(f"Response processing packet type: {border.type.value} name: {border.name}")
    if stored != wanted:
        check_failed(
            "packet.h", 818, f'Packet::Get() failed: The Packet stores "{stored}", but "{wanted}" was requested.'
        )
    held = handles.read(packet)
    match border.type:
        case PacketType.IMAGE:
            _write_image(response, border.name, packet)
        case PacketType.OVMS_PY_TENSOR if held is not None:
            output = response.outputs.add(name=border.name, datatype=held.value.datatype)
            output.shape.extend(held.value.shape)
            response.raw_output_contents.append(raw_bytes(held.value))
        case PacketType.RESPONSE if held is not None:
            response.CopyFrom(held.value)
        case _ if held is not None:
            fill_output(response, border.name, held.value)
        case _:
            raise NotExercised(f'the packet of type {stored} on output "{border.name}" cannot be read here')


# What OVMS prints for each image format; four float channels have no entry in its table and come out as UINT8.
_IMAGE_DATATYPES = {
    "GRAY8": "UINT8",
    "SRGB": "UINT8",
    "SRGBA": "UINT8",
    "SBGRA": "UINT8",
    "GRAY16": "UINT16",
    "SRGB48": "UINT16",
    "SRGBA64": "UINT16",
    "VEC32F1": "FP32",
    "VEC32F2": "FP32",
    "VEC32F4": "UINT8",
}


def _write_image(response: messages.ModelInferResponse, name: str, packet: Any) -> None:
    frame = bindings()._packet_getter.get_image_frame(packet)
    array = np.asarray(frame.numpy_view())
    output = response.outputs.add(name=name)
    output.datatype = _IMAGE_DATATYPES.get(frame.image_format.name, DATATYPES.get(array.dtype, "UINT8"))
    output.shape.extend((frame.height, frame.width, frame.channels))
    response.raw_output_contents.append(np.ascontiguousarray(array).tobytes())
