"""From a KServe request to packets, with OVMS's checks in OVMS's order.

Source: OVMS ``src/kfs_frontend/kfs_graph_executor_impl.cpp`` (2026.4).
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from graphval.kserve import messages
from graphval.rehearsal import packets
from graphval.rehearsal.framework import bindings
from graphval.rehearsal.journal import journal
from graphval.rehearsal.packets import Handles
from graphval.rehearsal.status import NotExercised, refuse
from graphval.rehearsal.stream_types import Border, PacketType
from graphval.rehearsal.tensors import CONTENTS_FIELD, DTYPES, element_count, format_shape

TIMESTAMP_PARAMETER = "OVMS_MP_TIMESTAMP"
PYTHON_SIDE_PACKET = "py"
_MAX_BYTES = 1 << 63
_TIMESTAMPS = range(-(1 << 63) + 2, (1 << 63) - 3)

_MP_TENSOR_DATATYPES = ("FP32", "FP16", "INT32", "INT8", "UINT8", "BOOL")


def side_packets(request: messages.ModelInferRequest) -> dict[str, Any]:
    """The side packets that request parameters make, as values. Raises :class:`Refused`."""
    made: dict[str, Any] = {}
    for name, parameter in request.parameters.items():
        if name == TIMESTAMP_PARAMETER:
            continue
        if name == PYTHON_SIDE_PACKET:
            raise refuse(
                "MEDIAPIPE_GRAPH_INITIALIZATION_ERROR",
                "Incoming input side packet: py is special reserved name and cannot be used",
            )
        match parameter.WhichOneof("parameter_choice"):
            case "string_param":
                made[name] = parameter.string_param
            case "int64_param":
                made[name] = parameter.int64_param
            case "bool_param":
                made[name] = parameter.bool_param
            case _:
                raise refuse(
                    "NOT_IMPLEMENTED", "Handling parameters of other types than: bool, string, int64 is not supported"
                )
    return made


def timestamp(request: messages.ModelInferRequest) -> int:
    """The packet timestamp of a request: the parameter, else the wall clock in microseconds."""
    parameter = request.parameters.get(TIMESTAMP_PARAMETER)
    if parameter is None:
        return time.time_ns() // 1000
    if parameter.WhichOneof("parameter_choice") != "int64_param" or parameter.int64_param not in _TIMESTAMPS:
        raise refuse(
            "MEDIAPIPE_INVALID_TIMESTAMP",
            f"Invalid timestamp format in request parameter {TIMESTAMP_PARAMETER}. Should be int64",
        )
    return int(parameter.int64_param)


def check_coherency(request: messages.ModelInferRequest) -> None:
    """All inputs as raw bytes or none."""
    if not request.raw_input_contents:
        return
    if len(request.raw_input_contents) != len(request.inputs):
        raise refuse(
            "INVALID_MESSAGE_STRUCTURE",
            f"Size of raw_input_contents: {len(request.raw_input_contents)} is different than number of "
            f"inputs: {len(request.inputs)}",
        )
    if any(tensor.HasField("contents") for tensor in request.inputs):
        raise refuse(
            "INVALID_MESSAGE_STRUCTURE",
            "Passing buffers both in ModelInferRequest::InferInputTensor::contents and in "
            "ModelInferRequest::raw_input_contents is not allowed",
        )


def packet_of(border: Border, request: messages.ModelInferRequest, index: int, handles: Handles) -> Any:
    """The packet for input ``index`` of a request. Raises :class:`Refused`."""
    tensor = request.inputs[index]
    raw = request.raw_input_contents[index] if request.raw_input_contents else None
    match border.type:
        case PacketType.REQUEST:
            return handles.make(packets.KFS_REQUEST, request)
        case PacketType.IMAGE:
            journal.debug(f"Request processing Mediapipe ImageFrame: {border.name}")
            return _image(tensor, raw)
        case PacketType.TENSOR:
            journal.debug(f"Request processing Mediapipe Tensor: {border.name}")
            if tensor.datatype not in _MP_TENSOR_DATATYPES:
                raise refuse(
                    "INVALID_PRECISION",
                    f"Not supported precision for Mediapipe tensor deserialization: {tensor.datatype}",
                )
            if any(d <= 0 for d in tensor.shape):
                raise refuse(
                    "INVALID_SHAPE",
                    f"Negative or zero dimension size is not acceptable: "
                    f"{format_shape(tensor.shape)}; input name: {tensor.name}",
                )
            return handles.make(packets.MP_TENSOR, _array(tensor, raw))
        case PacketType.TFTENSOR:
            journal.debug(f"Request processing TF Tensor: {border.name}")
            if tensor.datatype not in DTYPES:
                raise refuse(
                    "INVALID_PRECISION",
                    f"Not supported precision for Tensorflow tensor deserialization: {tensor.datatype}",
                )
            return handles.make(packets.TF_TENSOR, _array(tensor, raw))
        case PacketType.OVMS_PY_TENSOR:
            journal.debug(f"Request processing OVMS Python input: {border.name}")
            return handles.make(packets.PY_OBJECT, _python_tensor(tensor, raw))
        case _:
            journal.debug(f"Request processing OVTensor: {border.name}")
            return handles.make(packets.OV_TENSOR, _array(tensor, raw))


def _check_dimensions(tensor: messages.ModelInferRequest.InferInputTensor) -> int:
    if any(d < 0 for d in tensor.shape):
        raise refuse(
            "INVALID_SHAPE",
            f"Negative dimension size is not acceptable: {format_shape(tensor.shape)}; input name: {tensor.name}",
        )
    count = element_count(tensor.shape)
    if count * 8 >= _MAX_BYTES:
        raise refuse("INVALID_CONTENT_SIZE", "Provided shape and datatype declare too large buffer.")
    return count


def _array(tensor: messages.ModelInferRequest.InferInputTensor, raw: bytes | None) -> Any:
    """A NumPy array of a tensor, raw bytes or contents."""
    count = _check_dimensions(tensor)
    dtype = DTYPES.get(tensor.datatype)
    if raw is not None:
        size = dtype.itemsize if dtype is not None else 0
        if len(raw) != count * size:
            raise refuse(
                "INVALID_CONTENT_SIZE",
                f"Expected: {count * size} bytes; Actual: {len(raw)} bytes; input name: {tensor.name}",
            )
        if dtype is None:
            raise refuse("INVALID_PRECISION", f"{tensor.datatype}; input name: {tensor.name}")
        return np.frombuffer(raw, dtype).reshape(tuple(tensor.shape))
    field = CONTENTS_FIELD.get(tensor.datatype)
    if field is None or dtype is None:
        raise refuse(
            "NOT_IMPLEMENTED",
            "There is no support for types different than fp32, i64, i32, i16, i8, u64, u32, u16, u8, bool",
        )
    values = getattr(tensor.contents, field)
    if len(values) != count:
        raise refuse(
            "INVALID_VALUE_COUNT", f"Expected: {count} values; Actual: {len(values)} values; input name: {tensor.name}"
        )
    return np.array(values, dtype).reshape(tuple(tensor.shape))


def _python_tensor(tensor: messages.ModelInferRequest.InferInputTensor, raw: bytes | None) -> Any:
    from graphval.rehearsal.pyovms import Tensor

    count = _check_dimensions(tensor)
    dtype = DTYPES.get(tensor.datatype)
    if raw is not None:
        if dtype is not None and len(raw) != count * dtype.itemsize:
            raise refuse(
                "INVALID_CONTENT_SIZE",
                f"Invalid Python tensor buffer size. Actual: {len(raw)}; Expected: {count * dtype.itemsize}",
            )
        return Tensor.received(tensor.name, raw, tuple(tensor.shape), tensor.datatype)
    if tensor.datatype == "BYTES":
        parts = list(tensor.contents.bytes_contents)
        if len(parts) != count:
            raise refuse(
                "INVALID_VALUE_COUNT",
                f"Expected: {count} values; Actual: {len(parts)} values; input name: {tensor.name}",
            )
        packed = b"".join(len(part).to_bytes(4, "little") + part for part in parts)
        return Tensor.received(tensor.name, packed, tuple(tensor.shape), "BYTES")
    if dtype is None:
        raise refuse(
            "INVALID_PRECISION",
            "Provided datatype is invalid, custom datatypes are allowed only when raw_input_contents is used.",
        )
    return Tensor.received(tensor.name, _array(tensor, None).tobytes(), tuple(tensor.shape), tensor.datatype)


# (datatype, channels) -> name of the ImageFormat member; OVMS reads signed and half formats as their unsigned kin.
_IMAGE_FORMATS = {
    **{
        (datatype, channels): name
        for datatype in ("UINT8", "INT8")
        for channels, name in ((1, "GRAY8"), (3, "SRGB"), (4, "SRGBA"))
    },
    **{
        (datatype, channels): name
        for datatype in ("UINT16", "INT16", "FP16")
        for channels, name in ((1, "GRAY16"), (3, "SRGB48"), (4, "SRGBA64"))
    },
    ("FP32", 1): "VEC32F1",
    ("FP32", 2): "VEC32F2",
    ("FP32", 4): "VEC32F4",
}
_IMAGE_DTYPES = {
    "UINT8": np.uint8,
    "INT8": np.uint8,
    "UINT16": np.uint16,
    "INT16": np.uint16,
    "FP16": np.uint16,
    "FP32": np.float32,
}


def _image(tensor: messages.ModelInferRequest.InferInputTensor, raw: bytes | None) -> Any:
    if raw is None:
        raise refuse("MEDIAPIPE_EXECUTION_ERROR")
    shape = list(tensor.shape)
    if len(shape) != 3:
        raise refuse("INVALID_SHAPE", f"Invalid Mediapipe Image input shape size. Expected: 3; Actual: {len(shape)}")
    for axis, size in zip(("height", "width", "number of channels"), shape, strict=True):
        if size <= 0:
            raise refuse(
                "INVALID_SHAPE",
                f"Invalid Mediapipe Image input {axis}. Expected greater than 0; "
                f"Actual: {size}; Expected layout - HWC.",
            )
    size = element_count(shape) * (DTYPES[tensor.datatype].itemsize if tensor.datatype in DTYPES else 0)
    if len(raw) != size:
        raise refuse(
            "INVALID_CONTENT_SIZE", f"Invalid Mediapipe Image input buffer size. Actual: {len(raw)}; Expected: {size}"
        )
    name = _IMAGE_FORMATS.get((tensor.datatype, shape[2]))
    image_format = getattr(bindings().image_frame.ImageFormat, name, None) if name is not None else None
    if image_format is None:
        if name is not None:
            raise NotExercised(f"an image of {tensor.datatype} with {shape[2]} channels cannot be made")
        raise refuse("INVALID_INPUT_FORMAT", "Invalid image format")
    array = np.frombuffer(raw, _IMAGE_DTYPES[tensor.datatype]).reshape(shape if shape[2] > 1 else shape[:2])
    frame = bindings().image_frame.ImageFrame(image_format=image_format, data=np.ascontiguousarray(array))
    return bindings()._packet_creator._create_image_frame_from_image_frame(frame)
