"""Raw boxes and scores become detections, as SSD defines it and as MediaPipe's own calculator makes them."""

from __future__ import annotations

import importlib
import math
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from graphval.rehearsal.expansion.detections import DetectionEntry
from graphval.rehearsal.expansion.tensor_vectors import add_entry
from graphval.rehearsal.framework import bindings, config_class
from graphval.rehearsal.nodes.interface import NodeError
from graphval.rehearsal.nodes.tensors_to_detections import TensorsToDetectionsNode
from graphval.rehearsal.packets import DETECTIONS
from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import session
from tests.rehearsal.nodes import emitted_by, node_of

openvino = pytest.importorskip("openvino")

CALCULATOR = "OpenVINOTensorsToDetectionsCalculator"
VALUES = st.integers(-256, 256).map(lambda number: number / 64)
FLAGS = ("reverse_output_order", "apply_exponential_on_box_size", "sigmoid_score", "flip_vertically")


@dataclass(frozen=True)
class Detector:
    """What a detector put out, and the options it is read by."""

    boxes: np.ndarray
    scores: np.ndarray
    anchors: np.ndarray
    keypoints: int
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        count, classes = self.scores.shape
        sizes = f"num_classes: {classes} num_boxes: {count} num_coords: {self.boxes.shape[1]} "
        points = f"num_keypoints: {self.keypoints} keypoint_coord_offset: 4 "
        return sizes + points + " ".join(f"{name}: {str(value).lower()}" for name, value in self.options.items())

    def detections(self) -> list[Any]:
        tensors = [self.boxes[np.newaxis], self.scores[np.newaxis], self.anchors]
        held = emitted_by(TensorsToDetectionsNode, node_of(CALCULATOR, "DETECTIONS", self.text), tensors)
        assert held.type == DETECTIONS
        return list(held.value)


@st.composite
def detectors(draw: st.DrawFn) -> Detector:
    count, classes, keypoints = draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.integers(0, 2))
    options: dict[str, Any] = {name: draw(st.booleans()) for name in FLAGS}
    options |= {f"{axis}_scale": draw(st.sampled_from((0.5, 1.0, 5.0, 10.0))) for axis in "xywh"}
    if draw(st.booleans()):
        options["score_clipping_thresh"] = draw(st.floats(0.125, 3, width=32))
    if draw(st.booleans()):
        options["min_score_thresh"] = draw(st.floats(-1, 1, width=32))
    return Detector(
        draw(arrays(np.float32, (count, 4 + 2 * keypoints), elements=VALUES)),
        draw(arrays(np.float32, (count, classes), elements=VALUES)),
        draw(arrays(np.float32, (count, 4), elements=st.floats(0.125, 1, width=32))),
        keypoints,
        options,
    )


def by_definition(detector: Detector) -> list[dict[str, Any]]:
    """The definition of SSD's decoding, number by number, in double precision."""
    options, found = detector.options, []
    for raw, scores, anchor in zip(detector.boxes, detector.scores, detector.anchors, strict=True):
        height_anchor, width_anchor = float(anchor[2]), float(anchor[3])

        def point(first: float, second: float, anchor: np.ndarray = anchor) -> tuple[float, float]:
            x, y = (first, second) if options["reverse_output_order"] else (second, first)
            center_y, center_x, height, width = (float(value) for value in anchor)
            return x / options["x_scale"] * width + center_x, y / options["y_scale"] * height + center_y

        x, y = point(float(raw[0]), float(raw[1]))
        width, height = (raw[2], raw[3]) if options["reverse_output_order"] else (raw[3], raw[2])
        width, height = float(width) / options["w_scale"], float(height) / options["h_scale"]
        if options["apply_exponential_on_box_size"]:
            width, height = math.exp(width), math.exp(height)
        width, height = width * width_anchor, height * height_anchor
        rates = [float(score) for score in scores]
        if options["sigmoid_score"]:
            bound = options.get("score_clipping_thresh", math.inf)
            rates = [1 / (1 + math.exp(-max(-bound, min(bound, rate)))) for rate in rates]
        points = [point(float(raw[i]), float(raw[i + 1])) for i in range(4, len(raw), 2)]
        top, flip = y - height / 2, options["flip_vertically"]
        found.append(
            {
                "box": (x - width / 2, 1 - (y + height / 2) if flip else top, width, height),
                "score": max(rates),
                "rates": rates,
                "points": [(x, 1 - y if flip else y) for x, y in points],
            }
        )
    return found


@settings(max_examples=150, deadline=None)
@given(detector=detectors())
def test_boxes_and_scores_are_decoded_as_ssd_defines(detector: Detector) -> None:
    least = detector.options.get("min_score_thresh", -math.inf)
    # Where a number lies within rounding of a bound, either answer is right.
    wanted = [
        row
        for row in by_definition(detector)
        if min(row["box"][2:]) >= 0 and (row["score"] >= least or math.isclose(row["score"], least, abs_tol=1e-6))
    ]
    found = detector.detections()
    sure = [row for row in wanted if not math.isclose(row["score"], least, abs_tol=1e-6)]
    assert len(sure) <= len(found) <= len(wanted)
    if len(found) != len(wanted):
        return
    for made, row in zip(found, wanted, strict=True):
        box = made.location_data.relative_bounding_box
        assert (box.xmin, box.ymin, box.width, box.height) == pytest.approx(row["box"], rel=1e-4, abs=1e-5)
        assert made.score == pytest.approx([row["score"]], rel=1e-5)
        assert row["rates"][made.label_id[0]] == pytest.approx(row["score"], rel=1e-5)
        points = [(point.x, point.y) for point in made.location_data.relative_keypoints]
        assert [value for point in points for value in point] == pytest.approx(
            [value for point in row["points"] for value in point], rel=1e-4, abs=1e-5
        )


def of_mediapipe(detector: Detector) -> list[Any]:
    """What the framework's ``TensorsToDetectionsCalculator`` makes of the same tensors with the same options."""
    bindings()
    module: Any = importlib.import_module("mediapipe.calculators.tensor.tensors_to_detections_calculator_pb2")
    from google.protobuf import text_format

    options = text_format.Parse(detector.text, module.TensorsToDetectionsCalculatorOptions())
    config = config_class()()
    tensors = [detector.boxes[np.newaxis], detector.scores[np.newaxis], detector.anchors]
    entry = add_entry(config, "tensors", [tensor.shape for tensor in tensors])
    config.input_stream.extend(entry.parts)
    node = config.node.add(calculator="TensorsToDetectionsCalculator")
    node.input_stream.append("TENSORS:tensors")
    node.output_stream.append("DETECTIONS:detections")
    packed = node.node_options.add()
    packed.type_url = "type.googleapis.com/mediapipe.TensorsToDetectionsCalculatorOptions"
    packed.value = options.SerializeToString()
    return run_alone(config, "detections", [entry.feeder().pushes(tensors, 0)])[0][1]


def run_alone(config: Any, output: str, batches: list[list[tuple[str, Any, int]]]) -> list[tuple[int, list[Any]]]:
    """The detections that come out after each batch of pushes, with their timestamps."""
    detection: Any = importlib.import_module("mediapipe.framework.formats.detection_pb2").Detection
    got: list[tuple[int, list[Any]]] = []

    def arrive(_: str, packet: Any) -> None:
        contents = bindings()._packet_getter._get_serialized_proto_list(packet)
        got.append((packet.timestamp.value, [detection.FromString(content) for content in contents]))

    graph = bindings().calculator_graph.CalculatorGraph(graph_config=config)
    graph.observe_output_stream(output, arrive, False)
    graph.start_run({})
    seen = 0
    for batch in batches:
        for stream, packet, timestamp in batch:
            graph.add_packet_to_input_stream(stream=stream, packet=packet, timestamp=timestamp)
        graph.wait_until_idle()
        seen += 1
        assert len(got) == seen, "a batch is to come out at once"
    graph.close_all_packet_sources()
    graph.wait_until_done()
    assert len(got) == seen
    return got


@settings(max_examples=40, deadline=None)
@given(detector=detectors())
def test_detections_are_those_of_mediapipes_own_calculator(detector: Detector) -> None:
    wanted, found = of_mediapipe(detector), detector.detections()
    assert len(found) == len(wanted)
    for made, other in zip(found, wanted, strict=True):
        assert made.label_id == other.label_id
        assert made.score == pytest.approx(list(other.score), rel=1e-6)
        for one, two in (
            (made.location_data.relative_bounding_box, other.location_data.relative_bounding_box),
            *zip(made.location_data.relative_keypoints, other.location_data.relative_keypoints, strict=True),
        ):
            values = [[value for _, value in message.ListFields()] for message in (one, two)]
            assert values[0] == pytest.approx(values[1], rel=1e-5, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(sizes=st.lists(st.integers(0, 5), min_size=1, max_size=8), start=st.integers(-5, 1 << 40))
def test_vectors_of_any_length_reach_the_framework_one_by_one(sizes: list[int], start: int) -> None:
    bindings()
    detection: Any = importlib.import_module("mediapipe.framework.formats.detection_pb2").Detection
    entry, config = DetectionEntry("out"), config_class()()
    entry.add_to(config)
    config.input_stream.extend(entry.parts)
    feeder = entry.feeder()
    batches = [[detection(score=[-1.0], label_id=[n]) for n in range(size)] for size in sizes]
    pushes = [feeder.pushes(batch, start + 3 * number) for number, batch in enumerate(batches)]
    assert run_alone(config, "out", pushes) == [(start + 3 * n, batch) for n, batch in enumerate(batches)]


def test_boxes_that_a_model_has_found_itself_are_handed_on() -> None:
    boxes = np.array([[[0, 0.25, 0.5, 0.75], [0, 0, 1, 1], [9, 9, 9, 9]]], np.float32)
    tensors = [boxes, np.array([[3.0, 1.9, 7.0]], np.float32), np.array([[0.5, 0.25, 1]], np.float32)]
    text = node_of(CALCULATOR, "DETECTIONS", "num_coords: 4")
    held = emitted_by(TensorsToDetectionsNode, text, [*tensors, np.array([2.9], np.float32)])
    assert [(made.label_id[0], made.score[0]) for made in held.value] == [(3, 0.5), (1, 0.25)]
    box = held.value[0].location_data.relative_bounding_box
    assert (box.xmin, box.ymin, box.width, box.height) == (0.25, 0, 0.5, 0.5)


def test_a_box_whose_classes_are_all_ignored_has_none() -> None:
    options = {"ignore_classes": 0, **{f"{axis}_scale": 1 for axis in "xywh"}}
    ones = np.ones((1, 4), np.float32)
    (found,) = Detector(ones, np.ones((1, 1), np.float32), ones, 0, options).detections()
    assert (found.label_id[0], found.score[0]) == (-1, float(np.finfo(np.float32).min))


@pytest.mark.parametrize(
    ("tensors", "text"),
    [
        (1, "input_tensors.size() == 4 (1 vs. 4)"),
        (5, "input_tensors.size() == 4 (5 vs. 4)"),
        (2, "No anchor data available."),
    ],
)
def test_tensors_that_are_no_detections_are_refused(tensors: int, text: str) -> None:
    given_tensors = [np.zeros((1, 2, 4), np.float32)] * tensors
    options = "num_boxes: 2 num_classes: 4 num_coords: 4"
    with pytest.raises(NodeError, match=re.escape(text)):
        emitted_by(TensorsToDetectionsNode, node_of(CALCULATOR, "DETECTIONS", options), given_tensors)


# -- in a graph -------------------------------------------------------------------------------------------------------

ANCHORS = """
    node { calculator: "SsdAnchorsCalculator" output_side_packet: "anchors"
      node_options: { [type.googleapis.com/mediapipe.SsdAnchorsCalculatorOptions]: {
        input_size_width: 8 input_size_height: 8 min_scale: 0.5 max_scale: 0.5 num_layers: 1 anchor_offset_x: 0.5
        anchor_offset_y: 0.5 strides: 4 aspect_ratios: 1.0 interpolated_scale_aspect_ratio: 0 fixed_anchor_size: true
    } } }
"""


def cropping(sizes: str = "num_boxes: 4") -> str:
    """Finds things in an image, cuts out the best of them and hands its pixels on."""
    return f"""
    input_stream: "IMAGE:image"
    output_stream: "OVTENSOR:cut"
    node {{ calculator: "OpenVINOConverterCalculator" input_stream: "IMAGE:image" output_stream: "TENSORS:pixels" }}
    {session("finder")}
    node {{ calculator: "OpenVINOInferenceCalculator" input_side_packet: "SESSION:session"
      input_stream: "OVTENSORS:pixels" output_stream: "OVTENSORS:raw"
      node_options: {{ [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {{
        input_order_list: "image" output_order_list: "boxes" output_order_list: "scores" }} }} }}
    {ANCHORS}
    node {{ calculator: "{CALCULATOR}" input_stream: "TENSORS:raw" input_side_packet: "ANCHORS:anchors"
      output_stream: "DETECTIONS:found"
      node_options: {{ [type.googleapis.com/mediapipe.{CALCULATOR}Options]: {{ num_classes: 1 num_coords: 4 {sizes}
        x_scale: 1 y_scale: 1 w_scale: 2 h_scale: 2 min_score_thresh: 0.5 }} }} }}
    node {{ calculator: "NonMaxSuppressionCalculator" input_stream: "found" output_stream: "best"
      node_options: {{ [type.googleapis.com/mediapipe.NonMaxSuppressionCalculatorOptions]: {{
        max_num_detections: 1 }} }} }}
    node {{ calculator: "DetectionsToRectsCalculator" input_stream: "DETECTIONS:best" input_stream: "IMAGE_SIZE:size"
      output_stream: "NORM_RECT:place" }}
    node {{ calculator: "ImagePropertiesCalculator" input_stream: "IMAGE:image" output_stream: "SIZE:size" }}
    node {{ calculator: "ImageToTensorCalculator" input_stream: "IMAGE:image" input_stream: "NORM_RECT:place"
      output_stream: "TENSORS:part"
      node_options: {{ [type.googleapis.com/mediapipe.ImageToTensorCalculatorOptions]: {{
        output_tensor_width: 2 output_tensor_height: 2 output_tensor_float_range {{ min: 0 max: 255 }} }} }} }}
    {session("same").replace('"SESSION:session"', '"SESSION:session_2"')}
    node {{ calculator: "OpenVINOInferenceCalculator" input_side_packet: "SESSION:session_2"
      input_stream: "TENSORS:part" output_stream: "OVTENSOR:cut"
      node_options: {{ [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {{
        input_order_list: "x" tag_to_output_tensor_names {{ key: "OVTENSOR" value: "y" }} }} }} }}
    """


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """``finder`` is sure of the quarter of an image that has the brightest first pixel; ``same`` hands on an image."""
    from openvino import opset13 as ops

    folder = tmp_path_factory.mktemp("detector")
    image = ops.parameter([1, 8, 8, 3], np.uint8, name="image")
    corners = ops.strided_slice(
        ops.convert(image, np.float32), [0, 0, 0, 0], [1, 8, 8, 1], [1, 4, 4, 1], [0] * 4, [0] * 4
    )
    scores = ops.divide(ops.reshape(corners, np.array([1, 4, 1]), False), ops.constant(np.float32(255)))
    # The anchors lie in the middle of each quarter and are as large as the image: half of it is the quarter.
    boxes = ops.constant(np.tile(np.array([0, 0, 1, 1], np.float32), (1, 4, 1)))
    x = ops.parameter([1, 2, 2, 3], np.float32, name="x")
    for name, inputs, outputs in (
        ("finder", {"image": image}, {"boxes": boxes, "scores": scores}),
        ("same", {"x": x}, {"y": ops.multiply(x, ops.constant(np.float32(1)))}),
    ):
        for port, node in {**inputs, **outputs}.items():
            node.output(0).set_names({port})
        (folder / name / "1").mkdir(parents=True)
        model = openvino.Model(list(outputs.values()), list(inputs.values()), name)
        openvino.save_model(model, folder / name / "1" / "m.xml", compress_to_fp16=False)
    return {name: folder / name for name in ("finder", "same")}


def quarters(values: list[int]) -> np.ndarray:
    """An image of four even quarters, row by row."""
    return np.kron(np.array(values, np.uint8).reshape(2, 2), np.ones((4, 4), np.uint8))[..., np.newaxis].repeat(
        3, axis=2
    )


def test_what_was_found_is_cut_out(serve: Serve, models: dict[str, Path]) -> None:
    server = serve({"g": cropping()}, models)
    for values in ([200, 10, 20, 140], [10, 20, 130, 40]):
        answer = server.infer("g", {"image": quarters(values)})["cut"]
        assert answer == pytest.approx(np.full((1, 2, 2, 3), max(values)), abs=0.01)
    # Nothing is found: an empty vector, no rectangle, no answer.
    assert server.refusal("g", {"image": quarters([10, 20, 30, 40])}) == (
        "INVALID_ARGUMENT",
        "Mediapipe execution failed. MP status - Unknown error during mediapipe execution",
    )


def test_tensors_of_another_shape_end_the_server(serve: Serve, models: dict[str, Path]) -> None:
    server = serve({"g": cropping("num_boxes: 9")}, models)
    assert server.refusal("g", {"image": quarters([200, 10, 20, 30])})[0] == "UNAVAILABLE"
    assert server.exit_code() == -6
    assert "Check failed: raw_box_tensor->get_shape()[1] == num_boxes_ (4 vs. 9)" in server.stderr


def test_numbers_of_another_type_end_the_process() -> None:
    code = (
        "import numpy; from graphval.rehearsal.nodes.tensor_data import floats; floats(numpy.zeros(1, numpy.float16))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == -6
    assert "element type f16, is not representable as pointer to f32" in done.stderr
