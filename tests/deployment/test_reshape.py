"""What is called impossible is refused by OpenVINO, and what it refuses is mostly called so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openvino
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openvino import opset13 as op

from graphval.deployment.reshape import refusal
from graphval.deployment.signature import Dimension

from .networks import constant, named, parameter, saved

Shape = tuple[Dimension, ...]


def dimensions(*sizes: int) -> Shape:
    return tuple(Dimension(size, size) if size >= 0 else Dimension(0, None) for size in sizes)


def taken_by_openvino(file: Path, wanted: dict[str, Shape]) -> bool:
    model = openvino.Core().read_model(file)
    shapes = {
        name: openvino.PartialShape([openvino.Dimension(d.low, -1 if d.high is None else d.high) for d in shape])
        for name, shape in wanted.items()
    }
    try:
        model.reshape(shapes)
    except RuntimeError:
        return False
    return True


def dense(x: Any) -> Any:
    return op.matmul(x, constant(4, 2), False, False)


def turned(x: Any) -> Any:
    return op.matmul(x, constant(2, 4), False, True)


def convolved(x: Any) -> Any:
    return op.convolution(x, constant(5, 3, 3, 3), [1, 1], [0, 0], [0, 0], [1, 1])


def grouped(x: Any) -> Any:
    return op.group_convolution(x, constant(3, 1, 1, 3, 3), [1, 1], [0, 0], [0, 0], [1, 1])


@pytest.mark.parametrize(
    ("network", "shape", "wanted", "refused_by"),
    [
        (lambda x: op.add(x, constant(1, 4)), [1, 4], (1, 8), "Add"),
        (lambda x: op.add(x, constant(1, 4)), [1, 4], (8, 4), None),
        (lambda x: op.add(x, constant(1, 4)), [1, 4], (2, 8, 4), None),
        (lambda x: op.add(x, constant(1, 4)), [1, 4], (2, 8, 5), "Add"),
        (lambda x: op.add(x, constant(1, 4)), [1, 4], (1, -1), None),
        (lambda x: op.add(x, constant(1)), [1, 4], (7, 9), None),
        (lambda x: op.multiply(op.relu(op.sigmoid(x)), constant(2, 1)), [2, 4], (3, 4), "Multiply"),
        (dense, [1, 4], (1, 5), "MatMul"),
        (dense, [1, 4], (9, 4), None),
        (dense, [1, 4], (2, 9, 4), None),
        (turned, [1, 4], (1, 5), "MatMul"),
        (turned, [1, 4], (3, 4), None),
        (lambda x: op.add(dense(x), constant(3, 2)), [3, 4], (5, 4), "Add"),
        (convolved, [1, 3, 8, 8], (1, 1, 8, 8), "Convolution"),
        (convolved, [1, 3, 8, 8], (4, 3, 32, 16), None),
        (convolved, [1, 3, 8, 8], (1, 3, 8), "Convolution"),
        (convolved, [1, 3, 8, 8], (1, 8, 8, 3), "Convolution"),
        (grouped, [1, 3, 8, 8], (1, 4, 8, 8), "GroupConvolution"),
        (grouped, [1, 3, 8, 8], (2, 3, 9, 9), None),
        (lambda x: op.concat([x, constant(1, 4)], 0), [1, 4], (1, 5), "Concat"),
        (lambda x: op.concat([x, constant(1, 4)], 0), [1, 4], (7, 4), None),
        (lambda x: op.concat([x, constant(1, 4)], -1), [1, 4], (7, 4), "Concat"),
        (lambda x: op.concat([x, constant(1, 4)], 1), [1, 4], (1, 3, 4), "Concat"),
        (lambda x: op.softmax(x, 1), [1, 4], (2, 4), None),
        (
            lambda x: op.add(op.reshape(x, op.constant([1, 4]), special_zero=False), constant(1, 4)),
            [1, 4],
            (1, 5),
            None,
        ),
    ],
)
def test_operations(
    tmp_path: Path, network: Callable[[Any], Any], shape: list[int], wanted: tuple[int, ...], refused_by: str | None
) -> None:
    x = parameter(shape)
    file = saved(tmp_path, [named(network(x), "y")], [x])
    asked = {"x": dimensions(*wanted)}
    found = refusal(file, asked)
    assert (found.kind if found is not None else None) == refused_by
    if found is not None:
        assert not taken_by_openvino(file, asked)
        assert found.reason
        assert "\n" not in found.reason
    elif "Reshape" not in file.read_text():
        assert taken_by_openvino(file, asked)


def test_the_input_may_have_any_of_its_names_and_others_keep_their_shape(tmp_path: Path) -> None:
    a, b = parameter([1, 4], "a"), parameter([1, 4], "b")
    a.output(0).set_names({"a", "also_a"})
    file = saved(tmp_path, [named(op.add(a, b), "y")], [a, b])
    assert refusal(file, {"also_a": dimensions(1, 5)}) is not None
    assert refusal(file, {"a": dimensions(1, 5)}) is not None
    assert refusal(file, {"a": dimensions(3, 4)}) is None
    assert refusal(file, {"other": dimensions(1, 5)}) is None
    assert refusal(file, {"a": dimensions(1, 5), "b": dimensions(1, 5)}) is None


@pytest.mark.parametrize(
    "text", ["", "<net", "<net/>", "<net><layers><layer type='Parameter' name='x'/></layers></net>"]
)
def test_a_file_that_tells_nothing_refuses_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.xml").write_text(text)
    assert refusal(tmp_path / "model.xml", {"x": dimensions(1, 4)}) is None


sizes = st.integers(1, 4)
shapes = st.lists(sizes, min_size=1, max_size=4)
unary = st.sampled_from([op.relu, op.sigmoid, op.tanh, op.exp, op.negative])
binary = st.sampled_from([op.add, op.multiply, op.maximum, op.power, op.squared_difference])


@st.composite
def networks(draw: Any) -> tuple[Any, Any]:
    """An input and a value computed from it by a chain of operations that OpenVINO accepts."""
    x = parameter(draw(shapes))
    value = x
    for _ in range(draw(st.integers(1, 4))):
        match draw(st.sampled_from(["unary", "binary", "matmul", "concat"])):
            case "unary":
                value = draw(unary)(value)
            case "binary":
                value = draw(binary)(
                    value, constant(*(draw(st.sampled_from([1, d])) for d in value.get_output_shape(0)))
                )
            case "matmul" if len(value.get_output_shape(0)) >= 2:
                value = op.matmul(value, constant(value.get_output_shape(0)[-1], draw(sizes)), False, False)
            case "concat":
                value = op.concat([value, constant(*value.get_output_shape(0))], draw(st.sampled_from([0, -1])))
            case _:
                pass
    return x, value


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(networks(), shapes, st.booleans())
def test_the_answer_is_openvinos(tmp_path: Path, network: tuple[Any, Any], wanted: list[int], same_rank: bool) -> None:
    x, value = network
    if same_rank:
        own = list(x.get_output_shape(0))
        wanted = [*wanted, *own][: len(own)]
    file = saved(tmp_path, [value], [x])
    asked = {"x": dimensions(*wanted)}
    found = refusal(file, asked)
    assert (found is None) == taken_by_openvino(file, asked), found
