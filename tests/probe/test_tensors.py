"""Values and shapes of made-up tensors, for every datatype of KServe."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.deployment.signature import Dimension
from graphval.probe.tensors import (
    ELEMENT_BYTES,
    TensorFacts,
    byte_size,
    concrete_shape,
    dimension,
    pack,
    values,
)

NUMPY = {
    "FP64": "<f8", "FP32": "<f4", "FP16": "<f2", "INT64": "<i8", "INT32": "<i4", "INT16": "<i2", "INT8": "i1",
    "UINT64": "<u8", "UINT32": "<u4", "UINT16": "<u2", "UINT8": "u1", "BOOL": "?",
}  # fmt: skip
DATATYPES = sorted(ELEMENT_BYTES)


def test_all_datatypes_of_fixed_size_are_known() -> None:
    assert set(ELEMENT_BYTES) == set(NUMPY)


@pytest.mark.parametrize("datatype", DATATYPES)
@given(shape=st.lists(st.integers(0, 7), max_size=5).map(tuple), seed=st.integers(0, 9))
def test_values_fill_their_shape_and_are_tame(datatype: str, shape: tuple[int, ...], seed: int) -> None:
    data = values(datatype, shape, seed, "x")
    assert len(data) == byte_size(datatype, shape) == math.prod(shape) * ELEMENT_BYTES[datatype]
    array = np.frombuffer(data, NUMPY[datatype])
    top = {"UINT8": 255}.get(datatype, 1)
    assert ((array >= 0) & (array <= top)).all()
    assert data == values(datatype, shape, seed, "x")


@pytest.mark.parametrize("datatype", DATATYPES)
def test_another_seed_or_name_gives_other_values(datatype: str) -> None:
    one = values(datatype, (64,), 1, "x")
    assert one != values(datatype, (64,), 2, "x")
    assert one != values(datatype, (64,), 1, "y")


def test_values_of_a_large_tensor_go_on_to_its_end() -> None:
    data = np.frombuffer(values("UINT8", (3, 5_001), 0, "x"), "u1")
    assert data.size == 15_003
    assert len(set(data[-500:])) > 10


@pytest.mark.parametrize("datatype", DATATYPES)
def test_packing_is_little_endian(datatype: str) -> None:
    assert pack(datatype, [0, 1]) == np.array([0, 1], NUMPY[datatype]).tobytes()


def test_bytes_carry_their_length() -> None:
    assert pack("BYTES", ["a", "", "ü"]) == b"\1\0\0\0a" + b"\0\0\0\0" + b"\2\0\0\0" + "ü".encode()


@pytest.mark.parametrize(
    ("datatype", "wrong"),
    [("INT8", [128]), ("UINT8", [-1]), ("INT32", [1.5]), ("INT64", [1 << 63]), ("FP16", [1e9]), ("FP32", ["x"]),
     ("FP32", [None]), ("FP8", [1]), ("", [1])],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused(datatype: str, wrong: list[object]) -> None:
    with pytest.raises(ValueError, match=r"does not fit|unknown"):
        pack(datatype, wrong)


def test_floats_keep_what_whole_numbers_cannot() -> None:
    assert struct.unpack("<2f", pack("FP32", [float("inf"), -0.0])) == (math.inf, -0.0)


@pytest.mark.parametrize(("size", "expected"), [(-1, Dimension(1, None)), (0, Dimension(0, 0)), (7, Dimension(7, 7))])
def test_dimensions_as_metadata_writes_them(size: int, expected: Dimension) -> None:
    assert dimension(size) == expected


ANY = Dimension(1, None)
SHAPES = [
    ((), "", ()),
    ((5,), "", (5,)),
    ((ANY,), "", (8,)),
    ((ANY, 10), "", (1, 10)),
    ((ANY, ANY), "", (1, 8)),
    ((ANY, ANY, ANY), "", (1, 8, 8)),
    ((ANY, 3, ANY, ANY), "NCHW", (1, 3, 32, 32)),
    ((ANY, ANY, ANY, ANY), "NCHW", (1, 3, 32, 32)),
    ((ANY, ANY, ANY, ANY), "NHWC", (1, 32, 32, 3)),
    ((ANY, ANY, ANY, 3), "", (1, 32, 32, 3)),
    ((Dimension(4, 8), 10), "", (4, 10)),
    ((ANY, Dimension(1, 4)), "", (1, 4)),
    ((ANY, Dimension(64, 512)), "", (1, 64)),
    ((ANY, Dimension(64, None)), "", (1, 64)),
    ((0, 2), "", (0, 2)),
    ((ANY, ANY), "too long", (1, 8)),
]


@pytest.mark.parametrize(("shape", "layout", "expected"), SHAPES)
def test_shapes_of_dynamic_inputs(shape: tuple[Dimension | int, ...], layout: str, expected: tuple[int, ...]) -> None:
    sizes = tuple(dimension(size) if isinstance(size, int) else size for size in shape)
    assert concrete_shape(TensorFacts("x", "FP32", sizes, layout)) == expected


BOUNDS = st.tuples(st.integers(0, 600), st.none() | st.integers(0, 600)).map(
    lambda b: Dimension(b[0], None if b[1] is None else b[0] + b[1])
)


@given(st.lists(BOUNDS, max_size=6), st.sampled_from(["", "NCHW", "NHWC", "NC", "CHW"]))
def test_bounds_are_honoured(sizes: list[Dimension], layout: str) -> None:
    found = concrete_shape(TensorFacts("x", "FP32", tuple(sizes), layout))
    assert len(found) == len(sizes)
    assert all(d.low <= size and (d.high is None or size <= d.high) for d, size in zip(sizes, found, strict=True))
