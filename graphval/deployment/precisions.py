"""OpenVINO's element types and KServe's names for them.

Source: OVMS `src/kfs_frontend/kfs_utils.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Mapping

KSERVE_OF: Mapping[str, str] = {
    "f64": "FP64",
    "f32": "FP32",
    "f16": "FP16",
    "bf16": "BF16",
    "i64": "INT64",
    "i32": "INT32",
    "i16": "INT16",
    "i8": "INT8",
    "u64": "UINT64",
    "u32": "UINT32",
    "u16": "UINT16",
    "u8": "UINT8",
    "boolean": "BOOL",
    "string": "BYTES",
}
