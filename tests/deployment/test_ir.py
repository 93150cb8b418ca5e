"""Inputs and outputs read from an IR's text are those that OpenVINO reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openvino
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openvino import opset13 as op

from graphval.deployment.ir import read_ir
from graphval.deployment.models import ModelProblem, read_model, signature_of
from graphval.deployment.precisions import KSERVE_OF
from graphval.deployment.read_model import describe
from graphval.deployment.signature import Dimension, ModelSignature

from .networks import constant, named, parameter, saved


def by_openvino(file: Path) -> ModelSignature:
    model = openvino.Core().read_model(file)
    return signature_of({"inputs": list(map(describe, model.inputs)), "outputs": list(map(describe, model.outputs))})


def tensors(signature: ModelSignature | None) -> list[tuple[frozenset[str], Any, str, str]]:
    """All tensors, names as a set: which of several names comes first is not the file's to say."""
    assert signature is not None
    return [(frozenset(t.names), t.shape, t.precision, t.layout) for t in (*signature.inputs, *signature.outputs)]


SHAPES = ([1, 3], [], [-1, 3], [-1, -1, 224], [(1, 8), 3], [(2, 2**31 - 1), 3], [0, 3], [1, 3, 224, 224])


def test_a_model_is_read_whatever_the_current_folder_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    x = parameter([1, 3])
    file = saved(tmp_path, [named(op.relu(x), "y")], [x])
    (tmp_path / "openvino.py").write_text("raise SystemExit(77)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert isinstance(read_model(file), ModelSignature)


@pytest.mark.parametrize("shape", [*SHAPES, None], ids=str)
def test_shapes(tmp_path: Path, shape: list[int] | None) -> None:
    partial = (
        openvino.PartialShape.dynamic()
        if shape is None
        else [openvino.Dimension(*d) if isinstance(d, tuple) else d for d in shape]
    )
    x = parameter(partial)
    file = saved(tmp_path, [named(op.relu(x), "y")], [x])
    found, expected = read_ir(file), by_openvino(file)
    assert found is not None
    assert tensors(found)[:1] == tensors(expected)[:1]
    assert found.outputs[0].names == ("y",)


@pytest.mark.parametrize("kind", sorted(KSERVE_OF))
def test_precisions(tmp_path: Path, kind: str) -> None:
    x = parameter([1, 3], kind=getattr(openvino.Type, kind))
    file = saved(tmp_path, [named(op.reshape(x, op.constant([3]), special_zero=False), "y")], [x])
    assert tensors(read_ir(file)) == tensors(by_openvino(file))


def test_a_precision_that_kserve_has_no_word_for(tmp_path: Path) -> None:
    x = parameter([1, 4], kind=openvino.Type.u4)
    file = saved(tmp_path, [named(op.convert(x, "f32"), "y")], [x])
    found = read_ir(file)
    assert found is not None
    assert found.inputs[0].precision == by_openvino(file).inputs[0].precision == "UNKNOWN"


@pytest.mark.parametrize("layout", ["NCHW", "NHWC", "N...", "N?HW", "...C", ""])
def test_layouts(tmp_path: Path, layout: str) -> None:
    x = parameter([1, 3, 4, 5], layout=layout)
    file = saved(tmp_path, [named(op.relu(x), "y")], [x])
    assert tensors(read_ir(file)) == tensors(by_openvino(file))


def test_several_inputs_outputs_and_names(tmp_path: Path) -> None:
    a, b = parameter([1, 3], "a"), parameter([1, 3], "b/with:marks")
    total, product = named(op.add(a, b), "sum", "total", "with,comma"), named(op.multiply(a, b), "product")
    file = saved(tmp_path, [total, product, op.relu(total)], [a, b])
    assert tensors(read_ir(file))[:4] == tensors(by_openvino(file))[:4]


def test_tensors_without_names_take_those_of_their_operations(tmp_path: Path) -> None:
    x = op.parameter([1, 3], openvino.Type.f32, name="nameless")
    file = saved(tmp_path, [op.relu(x, name="also_nameless")], [x])
    found, expected = read_ir(file), by_openvino(file)
    assert found is not None
    assert found.inputs[0].names == expected.inputs[0].names == ("nameless",)


def test_an_output_with_several_ports(tmp_path: Path) -> None:
    x = parameter([4, 2])
    split = op.split(x, op.constant(0), 2)
    split.output(0).set_names({"first"})
    split.output(1).set_names({"second"})
    file = saved(tmp_path, [split.output(1), split.output(0)], [x])
    assert tensors(read_ir(file)) == tensors(by_openvino(file))


def body_of(operation: Callable[[Any], Any]) -> openvino.Model:
    inner = op.parameter([1, 3], openvino.Type.f32)
    return openvino.Model([operation(inner)], [inner], "body")


def test_a_branch_inside_the_model_makes_nothing_certain(tmp_path: Path) -> None:
    x, condition = parameter([1, 3]), parameter([], "condition", openvino.Type.boolean)
    branch = op.if_op(condition)
    bodies = [body_of(op.relu), body_of(op.sigmoid)]
    branch.set_then_body(bodies[0])
    branch.set_else_body(bodies[1])
    branch.set_input(x.output(0), *(body.get_parameters()[0] for body in bodies))
    result = branch.set_output(*(body.results[0] for body in bodies))
    file = saved(tmp_path, [result], [x, condition])
    assert read_ir(file) is None


@pytest.mark.parametrize(
    "break_it",
    [
        lambda text: "",
        lambda text: "rubbish",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('shape="1,3"', 'shape="1,x"'),
        lambda text: text.replace("<dim>1</dim>", "<dim>many</dim>"),
        lambda text: text.replace('type="Parameter"', 'type="Variable"'),
        lambda text: text.replace('type="Result"', 'type="End"'),
        lambda text: text.replace("<data ", "<date "),
        lambda text: text.replace("<edge ", "<ledge "),
        lambda text: "<net/>",
    ],
)
def test_a_broken_file_is_no_signature(tmp_path: Path, break_it: Callable[[str], str]) -> None:
    x = parameter([1, 3])
    file = saved(tmp_path, [named(op.relu(x), "y")], [x])
    file.write_text(break_it(file.read_text()))
    assert read_ir(file) is None


def test_a_mapping_beside_the_model_and_other_formats_are_left_alone(tmp_path: Path) -> None:
    x = parameter([1, 3])
    file = saved(tmp_path, [named(op.relu(x), "y")], [x])
    assert read_ir(file) is not None
    (tmp_path / "mapping_config.json").write_text(json.dumps({"inputs": {"x": "z"}}))
    assert read_ir(file) is None
    (tmp_path / "model.onnx").write_bytes(b"\x08")
    assert read_ir(tmp_path / "model.onnx") is None
    with pytest.raises(OSError, match="gone"):
        read_ir(tmp_path / "gone.xml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40), st.integers(0, 2000))
def test_any_text_is_read(tmp_path: Path, text: str, at: int) -> None:
    x = parameter([1, 3])
    file = saved(tmp_path, [named(op.relu(x), "y")], [x])
    whole = file.read_text()
    file.write_text(whole[:at] + text + whole[at:])
    read_ir(file)


def test_a_model_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    x = parameter([openvino.Dimension(1, 8), -1], layout="NC")
    file = saved(tmp_path, [named(op.add(x, constant(1, 1)), "y")], [x])
    found = read_model(file)
    assert isinstance(found, ModelSignature)
    assert tensors(found) == tensors(by_openvino(file))
    assert found.inputs[0].shape == (Dimension(1, 8), Dimension(0, None))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.xml", b""),
        ("model.xml", b"<net>"),
        ("model.onnx", b"\x08\x07rubbish"),
        ("gone.xml", None),
        ("m.txt", b"x"),
    ],
)
def test_a_model_that_openvino_cannot_read_is_one_line(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    found = read_model(tmp_path / name)
    assert isinstance(found, ModelProblem)
    assert found.reason.startswith(f"OpenVINO cannot read {name}: ")
    assert "\n" not in found.reason


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    x = parameter([1, 3])
    file = saved(tmp_path, [named(op.relu(x), "y")], [x])
    found = read_model(file, timeout=0.01)
    assert found == ModelProblem("model.xml could not be read within 0.01 s")
