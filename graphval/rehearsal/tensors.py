"""KServe's tensor datatypes and their NumPy and OpenVINO counterparts.

Source: OVMS ``src/kfs_frontend/kfs_utils.cpp``, ``src/kfs_frontend/kfs_graph_executor_impl.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphval.kserve import messages

DTYPES: dict[str, Any] = {
    "FP64": np.dtype(np.float64),
    "FP32": np.dtype(np.float32),
    "FP16": np.dtype(np.float16),
    "INT64": np.dtype(np.int64),
    "INT32": np.dtype(np.int32),
    "INT16": np.dtype(np.int16),
    "INT8": np.dtype(np.int8),
    "UINT64": np.dtype(np.uint64),
    "UINT32": np.dtype(np.uint32),
    "UINT16": np.dtype(np.uint16),
    "UINT8": np.dtype(np.uint8),
    "BOOL": np.dtype(np.bool_),
}
DATATYPES: dict[Any, str] = {dtype: name for name, dtype in DTYPES.items()}

CONTENTS_FIELD = {
    "FP64": "fp64_contents",
    "FP32": "fp32_contents",
    "INT64": "int64_contents",
    "INT32": "int_contents",
    "INT16": "int_contents",
    "INT8": "int_contents",
    "UINT64": "uint64_contents",
    "UINT32": "uint_contents",
    "UINT16": "uint_contents",
    "UINT8": "uint_contents",
    "BOOL": "bool_contents",
}
"""Where each datatype's elements lie in ``InferTensorContents``; those absent travel as raw bytes only."""

_OPENVINO_NAMES = {
    "f64": "FP64",
    "f32": "FP32",
    "f16": "FP16",
    "bf16": "BF16",
    "i64": "INT64",
    "i32": "INT32",
    "i16": "INT16",
    "i8": "INT8",
    "i4": "INT4",
    "u64": "UINT64",
    "u32": "UINT32",
    "u16": "UINT16",
    "u8": "UINT8",
    "u4": "UINT4",
    "u1": "U1",
    "boolean": "BOOL",
    "string": "BYTES",
}


def datatype_of_element(element_type: Any) -> str:
    """KServe's name of an ``openvino.Type``."""
    return _OPENVINO_NAMES.get(element_type.get_type_name(), "INVALID")


def format_shape(shape: Sequence[int]) -> str:
    """``(1,10)`` as OVMS writes shapes."""
    return "(" + ",".join(str(d) for d in shape) + ")"


def element_count(shape: Sequence[int]) -> int:
    """How many elements a shape has; negative where a dimension is."""
    count = 1
    for dimension in shape:
        count *= dimension
    return count


def fill_output(response: messages.ModelInferResponse, name: str, array: Any) -> None:
    """Append a tensor to a response, its bytes in ``raw_output_contents``."""
    output = response.outputs.add()
    output.name = name
    output.datatype = DATATYPES.get(array.dtype, "INVALID")
    output.shape.extend(array.shape)
    response.raw_output_contents.append(np.ascontiguousarray(array).tobytes())
