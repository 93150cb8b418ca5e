"""The texts of shape, batch_size and layout as OVMS reads them."""

from __future__ import annotations

import openvino
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openvino import opset13
from openvino.preprocess import PrePostProcessor

from graphval.deployment.model_settings import Layout, fits_rank, is_layout, read_batch_size, read_layout, read_shape
from graphval.deployment.reshape import shown
from graphval.deployment.signature import Dimension


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("(1,3,224,224)", "[1,3,224,224]"),
        ("( 1, 3 ,\t224 )", "[1,3,224]"),
        ("(1 4)", "[14]"),
        ("(1,4,)", "[1,4]"),
        ("(-1,3)", "[?,3]"),
        ("(1:8,200:300)", "[1..8,200..300]"),
        ("(0)", "[0]"),
        ("(1,3", None),
        ("1,3)", None),
        ("1,3", None),
        ("[1,3]", None),
        ("()", None),
        ("(,1)", None),
        ("(1,,4)", None),
        ("(-2)", None),
        ("(1-)", None),
        ("(8:8)", None),
        ("(8:1)", None),
        ("(1:)", None),
        ("(:1)", None),
        ("(1:2:3)", None),
        ("(1.5)", None),
        ("(?)", None),
        ("((1))", None),
        ("(99999999999)", None),
        ("(2147483647)", "[2147483647]"),
        ("", None),
        ("Auto", None),
    ],
)
def test_shapes(text: str, shape: str | None) -> None:
    read = read_shape(text)
    assert (shown(read) if read is not None else None) == shape


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("8", Dimension(8, 8)),
        (" 8 ", Dimension(8, 8)),
        ("-1", Dimension(0, None)),
        ("1:16", Dimension(1, 16)),
        ("0:4", None),
        ("1:", None),
        ("-2", None),
        ("x", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_batch_sizes(text: str, batch: Dimension | None) -> None:
    assert read_batch_size(text) == batch


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("NCHW", Layout("NCHW", "NCHW")),
        ("nchw", Layout("NCHW", "NCHW")),
        ("NHWC:NCHW", Layout("NHWC", "NCHW")),
        (" NHWC : NCHW ", Layout("NHWC", "NCHW")),
        ("N...", Layout("N...", "N...")),
        ("NHWC:", Layout("NHWC", "NHWC")),
        (":NCHW", Layout("NCHW", "NCHW")),
        ("N?HW", Layout("N?HW", "N?HW")),
        ("BHWC", None),
        ("N,C", None),
        ("[N,C]", None),
        ("N:C:H", None),
        (":", None),
        ("", None),
    ],
)
def test_layouts(text: str, layout: Layout | None) -> None:
    assert read_layout(text) == layout


@settings(deadline=None)
@given(st.text("NCHWD.?", max_size=7), st.integers(0, 6))
def test_layouts_are_those_of_openvino(word: str, rank: int) -> None:
    if not word:
        return  # the empty layout is that of a scalar
    try:
        layout = openvino.Layout(word)
    except RuntimeError:
        assert not is_layout(word)
        return
    assert is_layout(word)
    parameter = opset13.parameter([1] * rank, openvino.Type.f32)
    preprocessing = PrePostProcessor(openvino.Model([opset13.relu(parameter)], [parameter]))
    preprocessing.input().model().set_layout(layout)
    try:
        preprocessing.build()
        taken = True
    except RuntimeError:
        taken = False
    assert taken == fits_rank(word, rank)
