"""Requests at the edges, and requests that must be refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.kserve import messages
from graphval.probe.boundary import boundary_requests
from graphval.probe.refusals import refusal_requests
from graphval.probe.synthesis import SEED, MadeInput, request_of
from graphval.probe.tensors import ELEMENT_BYTES, Dimension, Tensor, byte_size, concrete_shape, values
from tests.probe.contexts import facts
from tests.probe.test_tensors import NUMPY


def made(datatype: str, shape: tuple[int | Dimension, ...], layout: str = "") -> MadeInput:
    wanted = facts("x", datatype, shape, layout)
    sizes = concrete_shape(wanted)
    return MadeInput(Tensor("x", datatype, sizes, values(datatype, sizes, SEED, "x")), wanted)


def picture(free: bool = True) -> MadeInput:
    return MadeInput(Tensor("p", "UINT8", (64, 64, 3), values("UINT8", (64, 64, 3), 0, "p")), None, True, free)


def notes(*inputs: MadeInput, thorough: bool = False) -> list[str]:
    return [note for note, _ in boundary_requests(inputs, SEED, thorough=thorough)]


@pytest.mark.parametrize(
    ("inputs", "standard", "more"),
    [
        ((made("FP32", (1, 4)),), ["all zeros"], ["not a number", "the largest numbers"]),
        ((made("FP32", (-1, 4)),), ["all zeros", "batch 2"], ["not a number", "the largest numbers"]),
        ((made("INT64", (1, 4)),), [], []),
        ((made("INT64", (-1, -1)),), ["batch 2"], ["larger dynamic dimensions"]),
        ((made("INT64", (-1,)),), [], ["larger dynamic dimensions"]),
        ((made("INT64", (Dimension(1, 1), 4)),), [], []),
        ((made("INT64", (Dimension(3, 8), 4)),), [], []),
        ((made("INT64", (-1, 4), "HW"),), [], ["larger dynamic dimensions"][:0]),
        ((picture(),), ["all zeros", "a picture of 13 x 17"], []),
        ((picture(free=False),), ["all zeros"], []),
        ((), [], []),
    ],
)
def test_which_edges_there_are(inputs: tuple[MadeInput, ...], standard: list[str], more: list[str]) -> None:
    assert notes(*inputs) == standard
    assert notes(*inputs, thorough=True) == standard + more


def test_all_inputs_get_their_second_batch_together() -> None:
    [(_, [first, second, third])] = [
        variant
        for variant in boundary_requests((made("INT64", (-1, 4)), made("INT32", (-1,)), made("INT8", (-1, 2))), SEED)
        if variant[0] == "batch 2"
    ]
    assert (first.shape, second.shape, third.shape) == ((2, 4), (8,), (2, 2))


@pytest.mark.parametrize("datatype", ["FP64", "FP32", "FP16"])
def test_values_at_the_edge(datatype: str) -> None:
    found = dict(boundary_requests((made(datatype, (2, 3)),), SEED, thorough=True))
    arrays = {note: np.frombuffer(tensors[0].data, NUMPY[datatype]) for note, tensors in found.items()}
    assert (arrays["all zeros"] == 0).all()
    assert np.isnan(arrays["not a number"]).all()
    assert np.isfinite(arrays["the largest numbers"]).all()
    assert (arrays["the largest numbers"] > np.finfo(NUMPY[datatype]).max / 2).all()


DATATYPES = st.sampled_from(sorted(ELEMENT_BYTES))
DIMENSIONS = st.sampled_from([0, 1, 3, -1, Dimension(1, 2), Dimension(2, None), Dimension(4, 400)])


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(ELEMENT_BYTES)), st.lists(DIMENSIONS, max_size=4).map(tuple)), max_size=3
    ),
    st.booleans(),
)
def test_every_edge_is_a_request_that_the_model_takes(
    inputs: list[tuple[str, tuple[int | Dimension, ...]]], thorough: bool
) -> None:
    wanted = [made(datatype, shape) for datatype, shape in inputs]
    for _, tensors in boundary_requests(wanted, SEED, thorough=thorough):
        assert len(tensors) == len(wanted)
        for tensor, one in zip(tensors, wanted, strict=True):
            assert one.facts is not None
            assert len(tensor.data) == byte_size(tensor.datatype, tensor.shape)
            for size, dimension in zip(tensor.shape, one.facts.shape, strict=True):
                assert dimension.low <= size <= (math.inf if dimension.high is None else dimension.high)


def test_refusals_leave_the_valid_request_as_it_is() -> None:
    valid = request_of("g", [Tensor("a", "FP32", (1,), b"1234"), Tensor("b", "UINT8", (2,), b"12")])
    before = valid.SerializeToString()
    found = dict(refusal_requests(valid))
    assert valid.SerializeToString() == before
    assert len(found) == 4
    assert all(request.SerializeToString() != before for request in found.values())
    assert [tensor.name for tensor in found['without the input "b"'].inputs] == ["a"]
    assert len(found['with a byte too few in "a"'].raw_input_contents[0]) == 3
    assert list(found['with a shape far beyond the values of "a"'].inputs[0].shape) == [1 << 30, 1]


@pytest.mark.parametrize(
    ("tensors", "count"),
    [([], 0), ([Tensor("a", "UINT8", (0,), b"")], 2), ([Tensor("a", "BYTES", (1,), b"\1\0\0\0x")], 2)],
)
def test_refusals_of_small_requests(tensors: list[Tensor], count: int) -> None:
    assert len(list(refusal_requests(request_of("g", tensors)))) == count


def test_a_request_with_typed_contents_has_no_broken_bytes() -> None:
    request = messages.ModelInferRequest(model_name="g")
    request.inputs.add(name="a", datatype="FP32", shape=(1,)).contents.fp32_contents.append(1)
    assert list(refusal_requests(request)) == []
