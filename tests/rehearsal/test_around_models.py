"""Images into tensors and scores into classes, as the calculators' definitions say."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from graphval.rehearsal.framework import bindings
from graphval.rehearsal.nodes.interface import NodeError
from graphval.rehearsal.nodes.tensors_to_classification import TensorsToClassificationNode
from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import session
from tests.rehearsal.nodes import emitted_by, node_of
from tests.rehearsal.server import Rehearsal

openvino = pytest.importorskip("openvino")

PIXELS = np.random.default_rng(5).integers(0, 256, (4, 6, 3), np.uint8)


@pytest.fixture(scope="module")
def whole_image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that hands on what it is given: bytes or floats of shape [1, 4, 6, 3]."""
    from openvino import opset13 as ops

    folder = tmp_path_factory.mktemp("whole")
    for version, kind in ((1, np.uint8), (2, np.float32)):
        source = ops.parameter([1, 4, 6, 3], kind, name="x")
        source.output(0).set_names({"x"})
        result = ops.multiply(source, ops.constant(np.array(1, kind)))
        result.output(0).set_names({"y"})
        (folder / str(version)).mkdir()
        model = openvino.Model([result], [source], "whole")
        openvino.save_model(model, folder / str(version) / "m.xml", compress_to_fp16=False)
    return folder


def graph(options: str, version: str, servable: str = "whole") -> str:
    return f"""
    input_stream: "IMAGE:in"
    output_stream: "OVTENSOR:out"
    node {{
      calculator: "OpenVINOConverterCalculator" input_stream: "IMAGE:in" output_stream: "TENSORS:tensors"
      node_options: {{ [type.googleapis.com/mediapipe.OpenVINOConverterCalculatorOptions]: {{ {options} }} }}
    }}
    {session(servable, version)}
    node {{
      calculator: "OpenVINOInferenceCalculator" input_side_packet: "SESSION:session"
      input_stream: "OVTENSORS:tensors" output_stream: "OVTENSOR:out"
      node_options: {{ [type.googleapis.com/mediapipe.OpenVINOInferenceCalculatorOptions]: {{
        input_order_list: "x" tag_to_output_tensor_names {{ key: "OVTENSOR" value: "y" }} }} }}
    }}
    """


UNIT = PIXELS.astype(np.float32) / np.float32(255)


CONVERSIONS = [
    ("", "", PIXELS),
    ("enable_normalization: true", "2", UNIT * 2 - 1),
    ("enable_normalization: true output_tensor_float_range { min: 0 max: 4 }", "2", UNIT * 4),
    ("enable_normalization: true flip_vertically: true", "2", (UNIT * 2 - 1)[::-1]),
    ("enable_normalization: true use_custom_normalization: true custom_div: 51 custom_sub: 2", "2", UNIT * 5 - 2),
]


@pytest.fixture(scope="module")
def converting(serve_together: Serve, whole_image: Path) -> Rehearsal:
    # A model serves its newest version only; the older one is asked for by a folder of its own.
    older = whole_image.parent / "whole-bytes"
    older.mkdir()
    (older / "1").symlink_to(whole_image / "1")
    graphs = {
        f"g{number}": graph(options, version, "whole" if version else "older")
        for number, (options, version, _) in enumerate(CONVERSIONS)
    }
    return serve_together(graphs, {"whole": whole_image, "older": older})


@pytest.mark.parametrize("number", range(len(CONVERSIONS)))
def test_an_image_becomes_a_tensor(converting: Rehearsal, number: int) -> None:
    answer = converting.infer(f"g{number}", {"in": PIXELS})["out"]
    assert answer.shape == (1, 4, 6, 3)
    assert np.allclose(answer[0], CONVERSIONS[number][2], atol=1e-6)


def test_a_number_of_channels_that_none_has_ends_the_server(serve: Serve, whole_image: Path) -> None:
    server = serve({"g": graph("max_num_channels: 2", "2")}, {"whole": whole_image})
    assert server.refusal("g", {"in": PIXELS})[0] == "UNAVAILABLE"
    assert server.exit_code() == -6
    assert "openvino_converter_calculator.cc:269] Check failed: max_num_channels_ != 2 (2 vs. 2)" in server.stderr


def classified(options: str, scores: np.ndarray) -> list[tuple[int, float, str]]:
    """What the node puts out for one tensor: index, score and label of each class."""
    text = node_of("OpenVINOTensorsToClassificationCalculator", "CLASSIFICATIONS", options)
    content = bindings()._packet_getter._get_serialized_proto(emitted_by(TensorsToClassificationNode, text, [scores]))
    message = importlib.import_module("mediapipe.framework.formats.classification_pb2").ClassificationList()
    message.ParseFromString(content)
    return [(entry.index, entry.score, entry.label) for entry in message.classification]


ROWS = arrays(np.float32, st.tuples(st.just(1), st.integers(1, 12)), elements=st.floats(-2, 2, width=32), unique=True)


@settings(max_examples=60, deadline=None)
@given(scores=ROWS, least=st.none() | st.floats(-2, 2, width=32), top=st.integers(0, 12))
def test_classes_are_those_above_the_threshold_and_the_best_of_them(
    scores: np.ndarray, least: float | None, top: int
) -> None:
    passing = [index for index, score in enumerate(scores[0]) if least is None or score >= np.float32(least)]
    top = min(top, len(passing))
    options = (f"min_score_threshold: {least!r} " if least is not None else "") + f"top_k: {top}"
    wanted = sorted(passing, key=lambda index: -scores[0][index])[:top] if top else passing
    assert classified(options, scores) == [(index, float(scores[0][index]), "") for index in wanted]


def test_one_score_is_two_classes_and_labels_are_lines(tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("yes\nno\n")
    found = classified(f'binary_classification: true label_map_path: "{labels}"', np.array([[0.25]], np.float32))
    assert found == [(0, 0.25, "yes"), (1, 0.75, "no")]


@pytest.mark.parametrize(
    ("options", "scores", "text"),
    [
        ("binary_classification: true", np.zeros((1, 2), np.float32), "num_classes == 1 (2 vs. 1)"),
        ("", np.zeros((2,), np.float32), "Expecting tensor with 2 dimensions"),
        ('label_map_path: "/no/such/file"', np.zeros((1, 2), np.float32), "Can't find file"),
    ],
)
def test_tensors_that_are_no_scores_are_refused(options: str, scores: np.ndarray, text: str) -> None:
    with pytest.raises(NodeError, match=re.escape(text)):
        classified(options, scores)
