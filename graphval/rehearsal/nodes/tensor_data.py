"""The numbers of an ``ov::Tensor`` as C++ gets at them.

Source: OpenVINO ``src/inference/src/dev/make_tensor.cpp`` (2026.4): asked for a pointer to another type than its own, a
tensor throws, and nothing in a calculator catches it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphval.rehearsal.death import uncaught_exception

_NAMES = {
    "float16": "f16", "float64": "f64", "bool": "boolean", "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64",
    "uint8": "u8", "uint16": "u16", "uint32": "u32", "uint64": "u64",
}  # fmt: skip


def floats(tensor: Any) -> Any:
    """``tensor.data<float>()``: the array itself. Ends the process where it holds anything else."""
    if tensor.dtype != np.float32:
        own = _NAMES.get(str(tensor.dtype), str(tensor.dtype))
        uncaught_exception(
            "ov::AssertFailure",
            "Check 'is_pointer_representable(element_type)' failed at src/inference/src/dev/make_tensor.cpp: "
            f"Tensor data with element type {own}, is not representable as pointer to f32",
        )
    return tensor
