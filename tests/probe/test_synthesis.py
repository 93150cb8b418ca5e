"""The smallest request that a graph should answer, made from its files and its models."""

from __future__ import annotations

import math

import pytest

from graphval.kserve import messages
from graphval.probe.asking import SEED
from graphval.probe.synthesis import creation_request, side_packet_values, synthesize
from graphval.probe.tensors import ELEMENT_BYTES, TensorFacts
from tests.probe.contexts import NO_MODELS, context, facts, inference, models, one_model, session

IMAGE_IN = """input_stream: "IMAGE:in" output_stream: "IMAGE:out"
node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out" }"""
PASS = """input_stream: "in" output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }"""


def made(text: str, *known: TensorFacts, seed: int = SEED) -> messages.ModelInferRequest:
    found = synthesize(context(text), models({"m": known}) if known else NO_MODELS, seed=seed)
    assert found.request is not None, found.obstacles
    assert found.obstacles == ()
    return found.request


def obstacle(text: str, *known: TensorFacts) -> str:
    found = synthesize(context(text), models({"m": known}) if known else NO_MODELS)
    assert found.request is None
    return found.obstacles[0].reason


@pytest.mark.parametrize("datatype", sorted(ELEMENT_BYTES))
@pytest.mark.parametrize("shape", [(), (3,), (-1, 4), (1, 2, 3), (1, 3, -1, -1), (1, 2, 1, 2, 3)])
def test_every_datatype_and_rank_of_a_model_is_made(datatype: str, shape: tuple[int, ...]) -> None:
    request = made(one_model(), facts("a", datatype, shape))
    [tensor] = request.inputs
    assert (tensor.name, tensor.datatype, len(tensor.shape)) == ("in", datatype, len(shape))
    assert all(size == wanted or wanted == -1 for size, wanted in zip(tensor.shape, shape, strict=True))
    assert len(request.raw_input_contents[0]) == math.prod(tensor.shape) * ELEMENT_BYTES[datatype]


@pytest.mark.parametrize(
    ("datatype", "sent"),
    [("FP32", "FP32"), ("FP16", "FP16"), ("INT32", "INT32"), ("INT8", "INT8"), ("UINT8", "UINT8"), ("BOOL", "BOOL"),
     ("FP64", "FP32"), ("INT64", "FP32"), ("UINT64", "FP32"), ("INT16", "FP32")],
)  # fmt: skip
def test_a_mediapipe_tensor_has_fewer_datatypes(datatype: str, sent: str) -> None:
    assert made(one_model("TENSOR"), facts("a", datatype, (1, 2))).inputs[0].datatype == sent


def test_an_image_is_height_width_channels() -> None:
    [tensor] = made(IMAGE_IN).inputs
    assert (tensor.datatype, tuple(tensor.shape)) == ("UINT8", (64, 64, 3))


def test_a_stream_of_no_tag_gets_some_tensor() -> None:
    [tensor] = made(PASS).inputs
    assert (tensor.datatype, tuple(tensor.shape)) == ("FP32", (1, 4))


def test_every_input_is_filled_in_the_graphs_order() -> None:
    text = f"""input_stream: "OVTENSOR:second" input_stream: "OVTENSOR2:first" output_stream: "OVTENSOR:out"
    {session()}
    {
        inference(
            'input_stream: "OVTENSOR:second" input_stream: "OVTENSOR2:first" output_stream: "OVTENSOR:out"',
            'tag_to_input_tensor_names { key: "OVTENSOR" value: "a" }'
            ' tag_to_input_tensor_names { key: "OVTENSOR2" value: "b" }',
        )
    }"""
    request = made(text, facts("a", "FP32", (1, 2)), facts("b", "INT32", (3,)))
    assert [(t.name, t.datatype, list(t.shape)) for t in request.inputs] == [
        ("second", "FP32", [1, 2]), ("first", "INT32", [3]),
    ]  # fmt: skip


def test_the_same_seed_makes_the_same_request() -> None:
    known = facts("a", "FP32", (1, 10))
    assert made(one_model(), known).SerializeToString() == made(one_model(), known).SerializeToString()
    assert made(one_model(), known) != made(one_model(), known, seed=SEED + 1)


def test_what_cannot_be_made_is_said_with_what_to_do() -> None:
    assert obstacle(one_model()).endswith("give a sample")
    assert "BYTES" in obstacle(one_model(), facts("a", "BYTES", (1,)))
    assert "MiB" in obstacle(one_model(), facts("a", "FP32", (1, 1 << 30)))


# -- creation --------------------------------------------------------------------------------------------------------


def test_a_creation_request_names_an_input_that_no_graph_has() -> None:
    [tensor] = creation_request(context(PASS)).inputs
    assert tensor.name == "graphval_no_such_input"
    taken = PASS.replace('"in"', '"graphval_no_such_input"')
    assert creation_request(context(taken)).inputs[0].name == "graphval_no_such_input_"


SIDE = """# {pool}
input_stream: "in" output_stream: "out" {declared}
node {{ calculator: "{calculator}" input_stream: "in" output_stream: "out" input_side_packet: "{tag}:wanted" }}"""


def sided(calculator: str, tag: str, pool: str = "", declared: str = "") -> dict[str, bool | int | str]:
    return side_packet_values(context(SIDE.format(calculator=calculator, tag=tag, pool=pool, declared=declared)))


@pytest.mark.parametrize(
    ("calculator", "tag", "expected"),
    [
        ("GateCalculator", "ALLOW", {"wanted": True}),
        ("GateCalculator", "DISALLOW", {"wanted": False}),
        ("MyCalculator", "X", {}),
        ("OpenVINOInferenceCalculator", "SESSION", {}),
    ],
)
def test_side_packets_that_a_parameter_can_carry(calculator: str, tag: str, expected: dict[str, bool]) -> None:
    assert sided(calculator, tag) == expected


def test_a_pool_takes_no_parameters() -> None:
    assert sided("GateCalculator", "ALLOW", pool="OVMS_GRAPH_QUEUE_MAX_SIZE: 1") == {}


def test_what_ovms_provides_is_not_given() -> None:
    text = SIDE.format(calculator="GateCalculator", tag="ALLOW", pool="", declared="").replace("wanted", "py")
    assert side_packet_values(context(text)) == {}


def test_side_packets_go_with_every_request() -> None:
    text = SIDE.format(calculator="GateCalculator", tag="ALLOW", pool="", declared="")
    assert creation_request(context(text)).parameters["wanted"].bool_param is True
    assert made(text).parameters["wanted"].bool_param is True


def test_a_text_side_packet_can_be_read_as_a_number() -> None:
    """``StringToIntCalculator`` fails the creation of a graph whose text is none."""
    reads = 'node { calculator: "StringToIntCalculator" input_side_packet: "text" output_side_packet: "number" }'
    values = side_packet_values(context(f'input_side_packet: "text" {PASS} {reads}'))
    assert int(str(values["text"])) == 1
