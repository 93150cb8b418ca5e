"""Requests to graphs: what is answered, what is refused, in which words."""

from __future__ import annotations

from typing import Any

import grpc
import numpy as np
import pytest

from graphval.kserve import messages
from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import PASS_THROUGH, container, inference, one_model, pass_through_under, renames, session
from tests.rehearsal.server import Rehearsal, infer_request

ROW = np.arange(10, dtype=np.float32).reshape(1, 10)


def test_a_model_behind_a_session_answers_as_openvino_does(serve: Serve, increment_model: Any) -> None:
    server = serve({"g": one_model()}, {"inc": increment_model})
    np.testing.assert_array_equal(server.infer("g", {"in": ROW})["out"], ROW + 1)
    np.testing.assert_array_equal(server.infer("inc", {"a": ROW})["b"], ROW + 1)


def test_metadata_of_model_and_graph(serve: Serve, increment_model: Any) -> None:
    server = serve({"g": one_model()}, {"inc": increment_model})
    model = server.call("ModelMetadata", messages.ModelMetadataRequest(name="inc"), messages.ModelMetadataResponse)
    assert [(t.name, t.datatype, list(t.shape)) for t in (*model.inputs, *model.outputs)] == [
        ("a", "FP32", [1, 10]),
        ("b", "FP32", [1, 10]),
    ]
    graph = server.call("ModelMetadata", messages.ModelMetadataRequest(name="g"), messages.ModelMetadataResponse)
    assert list(graph.versions) == ["1"]
    assert [(t.name, t.datatype) for t in graph.inputs] == [("in", "INVALID")]
    live = server.call("ServerLive", messages.ServerLiveRequest(), messages.ServerLiveResponse)
    about = server.call("ServerMetadata", messages.ServerMetadataRequest(), messages.ServerMetadataResponse)
    assert live.live
    assert about.name == "OpenVINO Model Server"
    assert "rehearsal" in about.version


@pytest.mark.parametrize(
    ("tensors", "parameters", "code", "text"),
    [
        ({"other": ROW}, None, "INVALID_ARGUMENT", "Unexpected input - other is unexpected"),
        ({}, None, "INVALID_ARGUMENT", "Invalid number of inputs - Not all input packets created"),
        ({"in": ROW[:, :5]}, None, "INVALID_ARGUMENT", "outputsCount >= cc->Outputs().GetTags().size()"),
        ({"in": ROW.astype(np.int32)}, None, "INVALID_ARGUMENT", "RET_CHECK failure"),
        ({"in": ROW}, {"py": "x"}, "FAILED_PRECONDITION", "py is special reserved name"),
        ({"in": ROW}, {"x": 0.5}, "UNKNOWN", "Unknown error"),
        ({"in": ROW}, {"OVMS_MP_TIMESTAMP": "now"}, "UNKNOWN", "Unknown error"),
    ],
)
def test_refusals_of_a_sound_graph(
    loaded: Rehearsal, tensors: dict[str, Any], parameters: dict[str, Any] | None, code: str, text: str
) -> None:
    got_code, got_text = loaded.refusal("sound", tensors, parameters)
    assert got_code == code
    assert text in got_text


def test_the_timestamp_of_a_request_comes_back(serve: Serve) -> None:
    server = serve({"g": PASS_THROUGH})
    request = infer_request("g", {"in": ROW}, {"OVMS_MP_TIMESTAMP": 17})
    request.id = "seven"
    answer = server.call("ModelInfer", request, messages.ModelInferResponse)
    assert (answer.parameters["OVMS_MP_TIMESTAMP"].int64_param, answer.id, answer.model_version) == (17, "seven", "1")


GRAPHS = {
    "no_model": one_model("absent"),
    "wrong_name": one_model(options=renames(target="zzz")),
    "unproduced": 'input_stream: "in" output_stream: "lost"\n'
    'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }',
    "no_side_packet": 'input_stream: "in" output_stream: "out"\n'
    'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" '
    'input_side_packet: "sp" output_side_packet: "sp2" }',
    "shut_gate": 'input_stream: "in" output_stream: "out"\n'
    'node { calculator: "GateCalculator" input_stream: "in" output_stream: "out" '
    "node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: false } } }",
    "image_only": 'input_stream: "OVTENSOR:in" output_stream: "IMAGE:out"\n'
    'node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" '
    'output_stream: "IMAGE:out" }',
    "sound": one_model(),
    "switch": container("OpenVINOConverterCalculator", "OpenVINOConverterCalculator"),
}


@pytest.fixture(scope="module")
def loaded(serve_together: Serve, increment_model: Any) -> Rehearsal:
    return serve_together(GRAPHS, {"inc": increment_model})


@pytest.mark.parametrize(
    ("graph", "code", "text", "rest_text"),
    [
        ("no_model", "UNKNOWN", "Unknown error", "OpenVINOModelServerSessionCalculator failed to load the model"),
        ("wrong_name", "INVALID_ARGUMENT", "openvinoinferencecalculator.cc:508) false", "508) false"),
        ("unproduced", "FAILED_PRECONDITION", 'Unable to attach observer to output stream "lost"', "lost"),
        ("no_side_packet", "FAILED_PRECONDITION", 'Side packet "sp" is required but was not provided.', "sp"),
        ("shut_gate", "INVALID_ARGUMENT", "Unknown error during mediapipe execution", "Unknown error during"),
        (
            "image_only",
            "FAILED_PRECONDITION",
            'The Packet stores "ov::Tensor", but "mediapipe::ImageFrame" was requested',
            "ImageFrame",
        ),
    ],
)
def test_graphs_that_load_and_then_refuse(loaded: Rehearsal, graph: str, code: str, text: str, rest_text: str) -> None:
    got_code, got_text = loaded.refusal(graph, {"in": ROW})
    assert (got_code, text in got_text) == (code, True), got_text
    body = {"inputs": [{"name": "in", "shape": [1, 10], "datatype": "FP32", "data": ROW.tolist()}]}
    http, answer = loaded.rest(f"/v2/models/{graph}/infer", body)
    assert http >= 400
    assert rest_text in answer["error"]


def test_a_side_packet_from_a_request_parameter(serve: Serve) -> None:
    graph = """
        input_stream: "in"
        input_side_packet: "open"
        output_stream: "out"
        node {
          calculator: "GateCalculator"
          input_stream: "in"
          input_side_packet: "ALLOW:open"
          output_stream: "out"
        }
    """
    server = serve({"g": graph})
    assert server.infer("g", {"in": ROW}, {"open": True})["out"].shape == (1, 10)
    assert server.refusal("g", {"in": ROW}, {"open": False})[0] == "INVALID_ARGUMENT"


def test_images_pass_real_calculators(serve: Serve) -> None:
    graph = """
        input_stream: "IMAGE:in"
        output_stream: "IMAGE:out"
        node {
          calculator: "ImageTransformationCalculator"
          input_stream: "IMAGE:in"
          output_stream: "IMAGE:out"
          node_options: {
            [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions]: { output_width: 8 output_height: 4 }
          }
        }
    """
    server = serve({"g": graph})
    image = np.full((16, 16, 3), 7, np.uint8)
    out = server.infer("g", {"in": image})["out"]
    assert (out.shape, int(out.min()), int(out.max())) == ((4, 8, 3), 7, 7)
    for wrong, text in ((image[..., 0], "Expected: 3; Actual: 2"), (image[..., :2], "Invalid image format")):
        assert text in server.refusal("g", {"in": wrong})[1]


def test_a_tensor_pipeline_crosses_the_bridge_twice(serve: Serve, tmp_path: Any) -> None:
    """Image to tensor, a model on it, and its tensors back into a calculator of the framework."""
    from tests.rehearsal.conftest import save_increment

    save_increment(tmp_path / "pixels", (1, 4, 4, 3))
    graph = f"""
        input_stream: "IMAGE:in"
        output_stream: "IMAGE:out"
        node {{ calculator: "ImageToTensorCalculator" input_stream: "IMAGE:in" output_stream: "TENSORS:tensors"
          options {{ [mediapipe.ImageToTensorCalculatorOptions.ext] {{
            output_tensor_width: 4 output_tensor_height: 4 output_tensor_float_range {{ min: 0 max: 1 }} }} }} }}
        {session("pixels")}
        {inference("TENSORS:tensors", "TENSORS:result", 'input_order_list: "a" output_order_list: "b"')}
        node {{ calculator: "TensorsToSegmentationCalculator" input_stream: "TENSORS:result"
          output_stream: "MASK:mask"
          options {{ [mediapipe.TensorsToSegmentationCalculatorOptions.ext] {{ activation: NONE }} }} }}
        node {{ calculator: "FromImageCalculator" input_stream: "IMAGE:mask" output_stream: "IMAGE_CPU:out" }}
    """
    server = serve({"g": graph}, {"pixels": tmp_path / "pixels"})
    code, text = server.refusal("g", {"in": np.zeros((4, 4, 3), np.uint8)})
    # Three channels are no segmentation: the calculator itself says so, after the model's tensors have reached it.
    assert code == "INVALID_ARGUMENT"
    assert "TensorsToSegmentationCalculator" in text


def test_loops_through_the_framework(serve: Serve) -> None:
    graph = """
        input_stream: "in"
        output_stream: "out"
        node {
          calculator: "PreviousLoopbackCalculator"
          input_stream: "MAIN:in"
          input_stream: "LOOP:out"
          input_stream_info { tag_index: "LOOP" back_edge: true }
          output_stream: "PREV_LOOP:previous"
        }
        node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
    """
    np.testing.assert_array_equal(serve({"g": graph}).infer("g", {"in": ROW})["out"], ROW)


def test_unknown_servables_and_versions(serve: Serve, increment_model: Any) -> None:
    server = serve({"g": PASS_THROUGH}, {"inc": increment_model})
    assert server.refusal("nobody", {"in": ROW}) == (
        "NOT_FOUND",
        "Mediapipe graph definition with requested name is not found",
    )
    request = infer_request("g", {"in": ROW})
    request.model_version = "one"
    with pytest.raises(grpc.RpcError) as refused:
        server.call("ModelInfer", request, messages.ModelInferResponse)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_a_node_without_counterpart_is_named_and_not_claimed(serve: Serve) -> None:
    graph = """
        input_stream: "IMAGE:in"
        output_stream: "IMAGE:out"
        node { name: "crop" calculator: "ImageCroppingCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out"
          node_options: { [type.googleapis.com/mediapipe.ImageCroppingCalculatorOptions]: { norm_width: 1
            norm_height: 1 norm_center_x: 0.5 norm_center_y: 0.5 } } }
    """
    server = serve({"g": graph})
    assert 'not exercised: graph "g" node "crop": ' in server.stdout
    assert server.refusal("g", {"other": ROW}) == ("INVALID_ARGUMENT", "Unexpected input - other is unexpected")
    code, text = server.refusal("g", {"in": np.zeros((8, 8, 3), np.uint8)})
    assert (code, text.startswith("Rehearsal cannot execute")) == ("UNIMPLEMENTED", True)


def test_a_container_of_nodes_without_counterpart_is_named_too(loaded: Rehearsal) -> None:
    said = loaded.said_of("switch")
    assert 'node "switch": it holds OpenVINOConverterCalculator, which the framework does not run' in said
    assert loaded.refusal("switch", {"in": np.zeros((8, 8, 3), np.uint8)})[0] == "UNIMPLEMENTED"


def test_a_stream_of_requests(serve: Serve) -> None:
    server = serve({"g": PASS_THROUGH})
    good = [infer_request("g", {"in": ROW + n}, {"OVMS_MP_TIMESTAMP": n + 1}) for n in range(2)]
    wrong_input, wrong_name = infer_request("g", {"other": ROW}), infer_request("h", {"in": ROW})
    answers = server.stream([good[0], wrong_input, wrong_name, good[1]])
    assert [a.error_message for a in answers] == [
        "",
        "Unexpected input - other is unexpected; partial deserialization of subsequent requests",
        "Subsequent request with incorrect servable name; validate subsequent requests",
        "",
    ]
    last = answers[-1].infer_response
    assert last.parameters["OVMS_MP_TIMESTAMP"].int64_param == 2
    np.testing.assert_array_equal(np.frombuffer(last.raw_output_contents[0], np.float32).reshape(1, 10), ROW + 1)


TWO = """
    input_stream: "left"
    input_stream: "right"
    output_stream: "left_again"
    output_stream: "right_again"
    node {
      calculator: "PassThroughCalculator"
      input_stream: "left"
      input_stream: "right"
      output_stream: "left_again"
      output_stream: "right_again"
    }
"""


def test_a_message_of_a_stream_may_hold_some_of_the_inputs(serve: Serve) -> None:
    """A node waits for the rest of a timestamp; what is never completed is given up at the end."""
    server = serve({"g": TWO})
    parts = [("left", 1), ("right", 1), ("left", 2)]
    answers = server.stream([infer_request("g", {name: ROW}, {"OVMS_MP_TIMESTAMP": at}) for name, at in parts])
    assert [answer.error_message for answer in answers] == [""] * len(answers)
    sent = [
        (output.name, answer.infer_response.parameters["OVMS_MP_TIMESTAMP"].int64_param)
        for answer in answers
        for output in answer.infer_response.outputs
    ]
    assert sorted(sent)[0] == ("left_again", 1)
    assert ("right_again", 1) in sent
    assert ("right_again", 2) not in sent


@pytest.mark.parametrize("second", [5, 4])
def test_timestamps_of_a_stream_must_grow(serve: Serve, second: int) -> None:
    """It is the graph that fails of it, so the stream ends."""
    server = serve({"g": PASS_THROUGH})
    with pytest.raises(grpc.RpcError) as refused:
        server.stream([infer_request("g", {"in": ROW}, {"OVMS_MP_TIMESTAMP": at}) for at in (5, second, 6)])
    assert refused.value.code().name == "INVALID_ARGUMENT"
    assert f"Current minimum expected timestamp is 6 but received {second}" in refused.value.details()


def test_side_packets_come_from_the_first_message(serve: Serve) -> None:
    gate = """
        input_stream: "in"
        input_side_packet: "open"
        output_stream: "out"
        node { calculator: "GateCalculator" input_stream: "in" input_side_packet: "ALLOW:open" output_stream: "out" }
    """
    server = serve({"g": gate})
    for first, later, answered in ((True, False, 2), (False, True, 0)):
        given = [infer_request("g", {"in": ROW}, {"open": value}) for value in (first, later)]
        assert len(server.stream(given)) == answered


def test_a_model_has_no_stream(serve: Serve, increment_model: Any) -> None:
    server = serve({"g": PASS_THROUGH}, {"inc": increment_model})
    with pytest.raises(grpc.RpcError) as refused:
        server.stream([infer_request("inc", {"a": ROW})])
    assert (refused.value.code().name, refused.value.details()) == (
        "NOT_FOUND",
        "Mediapipe graph definition with requested name is not found",
    )


def test_a_negative_max_in_flight_hangs_as_in_ovms(serve: Serve) -> None:
    server = serve({"g": pass_through_under("max_in_flight: -2")})
    code, _ = server.refusal("g", {"in": ROW}, seconds=2)
    assert code == "DEADLINE_EXCEEDED"
    assert server.process.poll() is None


def test_unused_nodes_do_not_matter(serve: Serve, increment_model: Any) -> None:
    """A session nobody reads still has to find its model."""
    graph = PASS_THROUGH + session("absent")
    code, _ = serve({"g": graph}, {"inc": increment_model}).refusal("g", {"in": ROW})
    assert code == "UNKNOWN"
    sound = PASS_THROUGH + session("inc")
    assert serve({"g": sound}, {"inc": increment_model}).infer("g", {"in": ROW})["out"].shape == (1, 10)
