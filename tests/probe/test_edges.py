"""Requests at the edges of what a graph should take."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphval.deployment.signature import Dimension
from graphval.probe.asking import SEED
from graphval.probe.boundary import boundary_requests
from graphval.probe.pictures import DEEP, GRAY8
from graphval.probe.synthesis import MadeInput
from graphval.probe.tensors import ELEMENT_BYTES, Tensor, byte_size, concrete_shape, values
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
        ((made("FP32", (1, 4)),), ["all zeros"], ["a ramp", "not a number", "the largest numbers"]),
        ((made("FP32", (-1, 4)),), ["all zeros", "batch 2"], ["a ramp", "not a number", "the largest numbers"]),
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


def test_a_picture_is_shown_in_each_format_that_its_readers_take() -> None:
    colours = picture()
    inputs = (replace(colours, formats=(GRAY8, DEEP[-1])), made("FP32", (1, 4)))
    found = dict(boundary_requests(inputs, SEED, thorough=True))
    gray, deep = found["a picture in GRAY8"], found["a picture in VEC32F4"]
    assert [(t.datatype, t.shape, len(t.data)) for t in gray] == [("UINT8", (64, 64, 1), 4096), ("FP32", (1, 4), 16)]
    assert (deep[0].datatype, deep[0].shape, len(deep[0].data)) == ("FP32", (64, 64, 4), 65536)
    assert "a picture in VEC32F4" not in dict(boundary_requests(inputs, SEED))


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
    np.testing.assert_allclose(arrays["a ramp"], np.linspace(0, 1, 6), rtol=1e-3)
    assert np.isnan(arrays["not a number"]).all()
    assert np.isfinite(arrays["the largest numbers"]).all()
    assert (arrays["the largest numbers"] > np.finfo(NUMPY[datatype]).max / 2).all()


DATATYPES = st.sampled_from(sorted(ELEMENT_BYTES))
DIMENSIONS = st.sampled_from([0, 1, 3, -1, Dimension(1, 2), Dimension(2, None), Dimension(4, 400)])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
