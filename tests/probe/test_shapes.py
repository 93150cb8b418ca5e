"""From a graph input to the model input behind it."""

from __future__ import annotations

import pytest

from graphval.probe.pictures import EVERY
from graphval.probe.shapes import Free, Guessed, Hidden, Shapes, Wanted
from graphval.probe.tensors import TensorFacts
from tests.probe.contexts import context, facts, inference, models, one_model, session

A = facts("a", "FP32", (1, 10))
B = facts("b", "INT64", (-1, 4))
MODELS = models({"m": (A,), "two": (A, B)})


def wanted(text: str, stream: str = "in") -> Wanted:
    return Shapes(context(text), MODELS).of_tensor(stream)


PASS = 'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "mid" }'
TWICE = PASS + 'node { calculator: "PassThroughCalculator" input_stream: "mid" output_stream: "far" }'
CLONER = (
    """node { calculator: "PacketClonerCalculator" input_stream: "in" input_stream: "TICK:in" output_stream: "mid" }"""
)
UNKNOWN = 'node { calculator: "MyCalculator" input_stream: "in" output_stream: "mid" }'


@pytest.mark.parametrize("tag", ["OVTENSOR", "TENSOR", "TFTENSOR", "OVTENSOR1", "OVTENSOR_IN"])
def test_a_tag_leads_to_its_tensor(tag: str) -> None:
    assert wanted(one_model(tag)) == A


@pytest.mark.parametrize(("between", "stream"), [(PASS, "mid"), (TWICE, "far"), (CLONER, "mid")])
def test_nodes_that_hand_packets_on_are_passed(between: str, stream: str) -> None:
    assert wanted(one_model(between=between, stream=stream)) == A


def test_a_leading_dot_of_calculators_hides_nothing() -> None:
    text = one_model(between=CLONER, stream="mid")
    assert wanted(text.replace('calculator: "', 'calculator: ".')) == A


def test_a_node_of_an_unknown_calculator_hides_what_is_behind_it() -> None:
    found = wanted(one_model(between=UNKNOWN, stream="mid"))
    assert isinstance(found, Hidden)
    assert found.node is not None
    assert found.node.calculator == "MyCalculator"


def test_without_a_map_the_tag_itself_is_the_tensor() -> None:
    text = one_model("OVTENSOR", options="")
    known = models({"m": (facts("OVTENSOR", "UINT8", (1, 2)),)})
    assert Shapes(context(text), known).of_tensor("in") == facts("OVTENSOR", "UINT8", (1, 2))


def test_a_tensor_that_the_model_does_not_have_is_shown_by_any_tensor() -> None:
    text = one_model(options='tag_to_input_tensor_names { key: "OVTENSOR" value: "nothing" }')
    assert wanted(text) == Free()


def test_a_model_that_nobody_can_read_hides_its_inputs() -> None:
    found = Shapes(context(one_model()), models({})).of_tensor("in")
    assert isinstance(found, Hidden)
    assert '"m"' in found.reason


def test_a_session_that_nobody_gives_hides_the_model() -> None:
    text = one_model().replace("OpenVINOModelServerSessionCalculator", "DefaultSidePacketCalculator")
    assert isinstance(wanted(text), Hidden)


@pytest.mark.parametrize(("version", "asked"), [("", ""), ("0", ""), ("2", "2"), ("-1", ""), ("newest", "")])
def test_a_version_is_asked_for_as_ovms_does(version: str, asked: str) -> None:
    seen: list[tuple[str, str]] = []

    def inputs_of(name: str, version: str) -> tuple[TensorFacts, ...]:
        seen.append((name, version))
        return (A,)

    text = f"""input_stream: "OVTENSOR:in" output_stream: "OVTENSOR:out"
    {session(version=version)}
    {
        inference(
            'input_stream: "OVTENSOR:in" output_stream: "OVTENSOR:out"',
            'tag_to_input_tensor_names { key: "OVTENSOR" value: "a" }',
        )
    }"""
    assert Shapes(context(text), inputs_of).of_tensor("in") == A
    assert seen == [("m", asked)]


def test_of_two_readers_the_one_that_is_known_tells() -> None:
    text = f"""input_stream: "OVTENSOR:in" output_stream: "OVTENSOR:out" output_stream: "OVTENSOR:other"
    node {{ calculator: "MyCalculator" input_stream: "in" output_stream: "other" }}
    {session()}
    {
        inference(
            'input_stream: "OVTENSOR:in" output_stream: "OVTENSOR:out"',
            'tag_to_input_tensor_names { key: "OVTENSOR" value: "a" }',
        )
    }"""
    assert wanted(text) == A


def test_a_stream_that_is_only_handed_on_is_free() -> None:
    assert wanted('input_stream: "in" output_stream: "mid" ' + PASS) == Free()


def test_a_stream_that_nobody_reads_is_free() -> None:
    assert wanted('input_stream: "in" input_stream: "spare" output_stream: "mid" ' + PASS, "spare") == Free()


def test_nodes_in_a_circle_are_passed_once() -> None:
    text = """input_stream: "in" output_stream: "mid"
    node { calculator: "PassThroughCalculator" input_stream: "in" input_stream: "back" output_stream: "mid"
           output_stream: "back" input_stream_info { tag_index: ":1" back_edge: true } }"""
    assert wanted(text) == Free()


PYTHON = """node { name: "py" calculator: "PythonExecutorCalculator" input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "X:in" output_stream: "Y:mid"
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "h.py" } } }"""


def test_a_python_node_decides_for_itself() -> None:
    found = wanted(f'input_stream: "OVMS_PY_TENSOR:in" output_stream: "OVMS_PY_TENSOR:mid" {PYTHON}')
    assert isinstance(found, Guessed)
    assert (found.node.name, found.facts) == ("py", None)


TO_TENSOR = """node { calculator: "PyTensorOvTensorConverterCalculator" input_stream: "OVMS_PY_TENSOR:mid"
  output_stream: "OVTENSOR:far" }"""


@pytest.mark.parametrize("loop", ["", 'input_stream: "LOOPBACK:again" output_stream: "LOOPBACK:again"'])
def test_the_model_behind_a_python_node_is_the_best_guess(loop: str) -> None:
    node = PYTHON.replace('input_stream: "X:in"', f'input_stream: "X:in" {loop}')
    found = wanted(one_model(between=node + TO_TENSOR, stream="far"))
    assert isinstance(found, Guessed)
    assert (found.node.name, found.facts) == ("py", A)


def test_a_python_node_beside_a_model_leaves_no_guess() -> None:
    assert wanted(one_model(between=PYTHON)) == A


# -- pictures --------------------------------------------------------------------------------------------------------

IMAGE = """input_stream: "IMAGE:in" output_stream: "OVTENSOR:out"
{between}
node {{ calculator: "OpenVINOConverterCalculator" input_stream: "IMAGE:{stream}" output_stream: "TENSORS:t" }}
{session}
{inference}"""
TURN = """node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:mid" %s }"""
TURN_OPTIONS = "node_options: { [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions]: { %s } }"


def picture(between: str = "", stream: str = "in") -> str:
    return IMAGE.format(
        between=between,
        stream=stream,
        session=session(),
        inference=inference('input_stream: "TENSORS:t" output_stream: "OVTENSOR:out"'),
    )


def size(text: str, shape: tuple[int, ...], layout: str = "") -> tuple[int, int, int] | None:
    return Shapes(context(text), models({"m": (facts("a", "FP32", shape, layout),)})).of_image("in")


@pytest.mark.parametrize(
    ("shape", "layout", "expected"),
    [
        ((1, 20, 30, 3), "", (20, 30, 3)),
        ((1, 20, 30, 1), "", (20, 30, 1)),
        ((1, 20, 30, 4), "", (20, 30, 4)),
        ((1, 20, 30, 2), "", None),
        ((1, -1, 30, 3), "", None),
        ((1, 20), "", None),
        ((20, 30, 3), "", None),
    ],
)
def test_the_model_fixes_the_size_of_a_picture(
    shape: tuple[int, ...], layout: str, expected: tuple[int, int, int] | None
) -> None:
    assert size(picture(), shape, layout) == expected


SEEN_BY = """input_stream: "IMAGE:in" output_stream: "IMAGE:out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
"""


def formats(*readers: str) -> list[str]:
    """Names of the formats that fit a pass-through and these nodes beside it."""
    nodes = "".join(
        f'node {{ calculator: "{name}" input_stream: "{tag}:in" }}\n' for name, tag in map(str.split, readers)
    )
    return [one.name for one in Shapes(context(SEEN_BY + nodes), models({})).picture_formats("in")]


@pytest.mark.parametrize(
    ("readers", "expected"),
    [
        ((), [one.name for one in EVERY]),
        (("ImagePropertiesCalculator IMAGE",), [one.name for one in EVERY]),
        (("ImageTransformationCalculator IMAGE",), ["SRGB", "GRAY8", "SRGBA"]),
        (("ImageToTensorCalculator IMAGE",), ["SRGB", "SRGBA"]),
        (("ImageTransformationCalculator IMAGE", "ColorConvertCalculator RGBA_IN"), ["SRGBA"]),
        (("ColorConvertCalculator GRAY_IN",), ["GRAY8"]),
        (("ColorConvertCalculator GRAY_IN", "ColorConvertCalculator RGB_IN"), ["SRGB"]),
        (("SomeCalculator IMAGE",), ["SRGB"]),
    ],
)
def test_the_readers_of_a_picture_say_what_format_it_may_have(readers: tuple[str, ...], expected: list[str]) -> None:
    assert formats(*readers) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", (20, 30, 3)),
        (TURN_OPTIONS % "flip_vertically: true", (20, 30, 3)),
        (TURN_OPTIONS % "output_width: 30 output_height: 20", None),
        (TURN_OPTIONS % "rotation_mode: ROTATION_90", None),
    ],
)
def test_a_node_that_changes_the_size_leaves_it_free(options: str, expected: tuple[int, int, int] | None) -> None:
    assert size(picture(TURN % options, "mid"), (1, 20, 30, 3)) == expected
