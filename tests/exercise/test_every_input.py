"""Requests that are made up for a model's inputs are taken by it: every precision and rank, sizes fixed, open, bounded.

The models are made here and served by the rehearsal, which holds a tensor against the model as OVMS does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from graphval.probe.asking import Depth
from graphval.run.graph_outcome import GraphOutcome
from tests.faults.case import Case, from_tag, good, graph, inference, node, passes, session, to_tag
from tests.faults.exercised import errors, exercised, served, told

openvino = pytest.importorskip("openvino")

CARRIED = ("f64", "f32", "f16", "i64", "i32", "i16", "i8", "u64", "u32", "u16", "u8", "boolean")
"""Element types that KServe's datatypes have and that OVMS makes an ``ov::Tensor`` of."""

NOT_CARRIED = ("bf16", "f4e2m1", "f8e4m3", "f8e5m2", "f8e8m0", "i4", "nf4", "string", "u2", "u4")
"""Element types of inputs that OpenVINO takes, and that no request brings into a graph. Its CPU plugin takes no model
with inputs of ``u1``, ``u3`` and ``u6``."""

IN_MEDIAPIPE = ("f32", "f16", "i32", "i8", "u8", "boolean")
"""Those that a ``mediapipe::Tensor`` has as well."""

SIZES = (2, 3, 1, 4, 2)
OPEN, BOUNDED = "-1", "{}..{}"


CONFIGURED: dict[str, tuple[str, dict[str, object]]] = {
    "shape-bounded": ("[-1,-1]", {"shape": "(1:2,20:30)"}),
    "shape-of-one-input": ("[-1,-1,-1]", {"shape": {"x": "(2,9,50:60)"}}),
    "shape-that-each-request-chooses": ("[1,4..6]", {"shape": "auto"}),
    "batch": ("[-1,12..14]", {"batch_size": "4"}),
    "layout-turned": ("[1,3,40..50,-1]", {"layout": "NHWC:NCHW"}),
    "layout-turned-and-shaped": ("[1,3,-1,-1]", {"layout": "NHWC:NCHW", "shape": "(1,48:64,56,3)"}),
    "layout-said": ("[-1,-1,-1,-1]", {"layout": {"x": "NCHW"}, "shape": {"x": "(1,3,5:6,7)"}}),
}
"""A model's shape, and what config.json makes of it."""


def shapes() -> dict[str, str]:
    """Names of inputs, and their shapes as OpenVINO writes them: each rank, sizes fixed, open, bounded, and mixed."""
    found = {"scalar": "[]"}
    for rank in range(1, 6):
        sizes = SIZES[:rank]
        found[f"fixed{rank}"] = _shape(map(str, sizes))
        found[f"open{rank}"] = _shape([OPEN] * rank)
        found[f"bounded{rank}"] = _shape(BOUNDED.format(10 + size, 12 + size) for size in sizes)
        found[f"low{rank}"] = _shape(BOUNDED.format(1, 2) for _ in sizes)
        found[f"mixed{rank}"] = _shape(OPEN if at % 2 else str(size) for at, size in enumerate(sizes))
    return found


def _shape(words: Iterable[str]) -> str:
    return f"[{','.join(words)}]"


def save(folder: Path, element: str, inputs: Mapping[str, str]) -> Path:
    """A model that takes these inputs and answers a number for each."""
    from openvino import opset13 as ops

    sources, results = [], []
    for name, shape in inputs.items():
        source = openvino.op.Parameter(getattr(openvino.Type, element), openvino.PartialShape(shape))
        source.output(0).set_names({name})
        result: Any = ops.shape_of(source)
        result.output(0).set_names({f"{name}_size"})
        sources.append(source)
        results.append(result)
    (folder / "1").mkdir(parents=True)
    openvino.save_model(openvino.Model(results, sources, "takes"), folder / "1" / "model.xml", compress_to_fp16=False)
    return folder


def takes(name: str, tag: str, inputs: Iterable[str]) -> Case:
    """A graph that hands each of its inputs to the model of its name."""
    names = list(inputs)
    tags = {one: f"{tag}_{one.upper()}" for one in names}
    options = "".join(from_tag(tags[one], one) for one in names) + to_tag("OVTENSOR", f"{names[0]}_size")
    reads = [f"{tags[one]}:{one}" for one in names]
    return good(
        name, graph(reads, ["OVTENSOR:size"], session(f"{name}-model"), inference(reads, ["OVTENSOR:size"], options))
    )


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, GraphOutcome]:
    folder = tmp_path_factory.mktemp("inputs")
    cases, models = [], {}
    for tag, elements in (("OVTENSOR", (*CARRIED, *NOT_CARRIED)), ("TENSOR", IN_MEDIAPIPE), ("TFTENSOR", CARRIED)):
        for element in elements:
            name = f"{tag.lower()}-{element}"
            models[f"{name}-model"] = save(folder / "models" / name, element, shapes())
            cases.append(takes(name, tag, shapes()))
    for name, (shape, _) in CONFIGURED.items():
        models[f"{name}-model"] = save(folder / "models" / name, "f32", {"x": shape})
        cases.append(takes(name, "OVTENSOR", ["x"]))
    settings = {f"{name}-model": setting for name, (_, setting) in CONFIGURED.items()}
    (folder / "graphs").mkdir()
    return exercised(folder / "graphs", cases, models, settings=settings, depth=Depth.QUICK)


@pytest.mark.parametrize("element", CARRIED)
@pytest.mark.parametrize("tag", ["ovtensor", "tftensor"])
def test_a_model_takes_what_is_made_up_for_it(outcomes: dict[str, GraphOutcome], tag: str, element: str) -> None:
    outcome = outcomes[f"{tag}-{element}"]
    assert served(outcome), told(outcome)


@pytest.mark.parametrize("element", IN_MEDIAPIPE)
def test_a_model_takes_mediapipe_tensors(outcomes: dict[str, GraphOutcome], element: str) -> None:
    outcome = outcomes[f"tensor-{element}"]
    assert served(outcome), told(outcome)


PICTURES = {
    "passed": passes(),
    "turned": node("ImageTransformationCalculator", ["IMAGE:in"], ["IMAGE:out"], options="flip_vertically: true"),
    "wrapped": node("ToImageCalculator", ["IMAGE_CPU:in"], ["IMAGE:any"])
    + "\n"
    + node("FromImageCalculator", ["IMAGE:any"], ["IMAGE_CPU:out"]),
    "made-a-tensor": passes()
    + "\n"
    + node(
        "ImageToTensorCalculator", ["IMAGE:in"], ["TENSORS:tensors"],
        options="output_tensor_width: 8 output_tensor_height: 8 output_tensor_float_range { min: 0 max: 1 }",
    ),
}  # fmt: skip


def test_pictures_are_taken_in_each_format(tmp_path: Path) -> None:
    cases = [good(name, graph(["IMAGE:in"], ["IMAGE:out"], nodes)) for name, nodes in PICTURES.items()]
    for name, outcome in exercised(tmp_path, cases, {}, depth=Depth.THOROUGH).items():
        assert served(outcome), (name, told(outcome))
        assert not outcome.findings, (name, told(outcome))


@pytest.mark.parametrize("name", CONFIGURED)
def test_settings_of_a_model_are_honoured(outcomes: dict[str, GraphOutcome], name: str) -> None:
    assert served(outcomes[name]), told(outcomes[name])


@pytest.mark.parametrize("element", NOT_CARRIED)
def test_what_no_request_can_carry_is_said(outcomes: dict[str, GraphOutcome], element: str) -> None:
    outcome = outcomes[f"ovtensor-{element}"]
    assert not errors(outcome), told(outcome)
    assert not served(outcome)
    assert "no request" in outcome.not_exercised[0].reason
