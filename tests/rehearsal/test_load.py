"""Loading: states, log lines, what is refused and in which words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graphval.kserve import messages
from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import (
    PASS_THROUGH,
    container,
    handler,
    inference,
    one_model,
    pass_through_under,
    session,
)
from tests.rehearsal.server import Rehearsal

ROW = np.zeros((1, 10), np.float32)


def unary(calculator: str, extra: str = "", head: str = "") -> str:
    return (
        f'{head} input_stream: "in" output_stream: "out"\n'
        f'node {{ calculator: "{calculator}" input_stream: "in" output_stream: "out" {extra} }}'
    )


IMAGE_GPU = """
    input_stream: "in"
    output_stream: "out"
    node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE_GPU:in" output_stream: "IMAGE_GPU:out" }
"""
NO_PRODUCER = f"""
    input_stream: "in"
    output_stream: "out"
    {inference("OVTENSOR:lost", "OVTENSOR:out", "")}
    {session("inc")}
"""
TYPES = f"""
    input_stream: "IMAGE:in"
    output_stream: "out"
    node {{ calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:small" }}
    {session("inc")}
    {inference("IMAGE:small", "OVTENSOR:out", "")}
"""
CYCLE = f"""
    input_stream: "in"
    output_stream: "out"
    {session("inc")}
    {inference("OVTENSOR:x", "OVTENSOR:out", "")}
    node {{ calculator: "PassThroughCalculator" input_stream: "out" output_stream: "x" }}
"""
SUBGRAPH = """
    input_stream: "IMAGE:in"
    output_stream: "out"
    node { name: "dancer" calculator: "HolisticLandmarkCpu" input_stream: "IMAGE:in" output_stream: "POSE_LANDMARKS:out"
      source_layer: 1 }
"""
RERANK = """
    input_stream: "REQUEST_PAYLOAD:input"
    output_stream: "RESPONSE_PAYLOAD:output"
    node {
      calculator: "RerankCalculatorOV"
      input_stream: "REQUEST_PAYLOAD:input"
      output_stream: "RESPONSE_PAYLOAD:output"
      input_side_packet: "RERANK_NODE_RESOURCES:rerank_servable"
      node_options { [type.googleapis.com/mediapipe.RerankCalculatorOVOptions] { models_path: "m" } }
    }
"""
SPEECH = """
    input_stream: "HTTP_REQUEST_PAYLOAD:input"
    output_stream: "HTTP_RESPONSE_PAYLOAD:output"
    node {
      name: "t"
      calculator: "T2sCalculator"
      input_stream: "HTTP_REQUEST_PAYLOAD:input"
      output_stream: "HTTP_RESPONSE_PAYLOAD:output"
      input_side_packet: "TTS_NODE_RESOURCES:t2s_servable"
      node_options { [type.googleapis.com/mediapipe.T2sCalculatorOptions] {
        models_path: "m" speed_min: 1.5 speed_max: 0.75 } }
    }
"""
TENSORS_ONLY = """
    input_stream: "in"
    output_stream: "out"
    node { calculator: "OpenVINOConverterCalculator" input_stream: "FRAME:in" output_stream: "TENSORS:out" }
"""
BOTH = 'tag_to_input_tensor_names { key: "OVTENSOR" value: "a" } input_order_list: "a"'

REFUSED = {
    "empty": ("", "Trying to parse empty mediapipe graph definition: empty failed"),
    "syntax": ('input_stream: "in" output_stream "out" {', "Trying to parse mediapipe graph definition: syntax failed"),
    "unknown_field": ('input_stream: "in" outputs: "x"', "Trying to parse mediapipe graph definition"),
    "no_output": ('input_stream: "in"', "having less than one input or output is disallowed"),
    "twice": (
        'input_stream: "A:in" input_stream: "B:in" output_stream: "out"',
        "Creating Mediapipe graph inputs name failed for: B:in. Input with the same name already exists.",
    ),
    "lite": (
        'input_stream: "TFLITE_TENSOR:in" output_stream: "out"',
        "There is no support for TfLiteTensor deserialization & serialization",
    ),
    "request": ('input_stream: "REQUEST:in" output_stream: "out"', "requires: RESPONSE tag in the output stream name"),
    "response": ('input_stream: "in" output_stream: "RESPONSE:out"', "requires: REQUEST tag in the input stream name"),
    "no_calculator": (unary("NopeCalculator"), "NOT_FOUND: ValidatedGraphConfig Initialization failed."),
    "wheel_only": (unary("TensorConverterCalculator"), 'Unable to find Calculator "TensorConverterCalculator"'),
    "held": (container("PassThroughCalculator", "NopeCalculator"), 'Unable to find Calculator "NopeCalculator"'),
    "no_image": (TENSORS_ONLY, "HasTag(kImageFrameTag) ^ cc->Inputs().HasTag(kGpuBufferTag)"),
    "gpu": (IMAGE_GPU, 'Tag "IMAGE_GPU" index 0 was not expected.'),
    "no_producer": (NO_PRODUCER, 'Input Stream "lost" for node with sorted index'),
    "handler": (pass_through_under(handler("FancyInputStreamHandler")), "is not a registered input stream handler."),
    "executor": (
        unary("PassThroughCalculator", 'executor: "pool"'),
        'The executor "pool" is not declared in an ExecutorConfig.',
    ),
    "map_and_list": (one_model(options=BOTH), "ValidateCalculatorSettings(cc)"),
    "no_servable": (PASS_THROUGH + session(""), "RET_CHECK failure"),
    "types": (TYPES, 'expects packets of type "ov::Tensor" but the connected output stream will contain packets'),
    "cycle": (CYCLE, "cycle detected in graph: [OpenVINOInferenceCalculator, PassThroughCalculator]"),
    "subgraph_field": (SUBGRAPH, 'Subgraph "dancer" has a field that is only applicable to calculators.'),
    "pool_word": (
        unary("PassThroughCalculator", head="# OVMS_GRAPH_QUEUE_MAX_SIZE: auto\n"),
        "Invalid OVMS_GRAPH_QUEUE_MAX_SIZE value: 'auto'. Expected integer or 'AUTO'.",
    ),
    "pool_negative": (
        unary("PassThroughCalculator", head="# OVMS_GRAPH_QUEUE_MAX_SIZE: -1\n"),
        "Invalid OVMS_GRAPH_QUEUE_MAX_SIZE value: -1. Must be 0 (disabled) or a positive integer.",
    ),
    "rerank_name": (RERANK, "Rerank node name is missing in graph: rerank_name. "),
    "speech_bounds": (SPEECH, "speed_min (1.5) must be <= speed_max (0.75)."),
}


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One server with all the graphs that are refused, and one good one after them."""
    folder = tmp_path_factory.mktemp("refusing")
    graphs = {**{name: text for name, (text, _) in REFUSED.items()}, "good": PASS_THROUGH}
    for name, text in graphs.items():
        (folder / name).mkdir()
        (folder / name / "graph.pbtxt").write_text(text)
    config = {"model_config_list": [], "mediapipe_config_list": [{"name": n} for n in [*graphs, "missing"]]}
    (folder / "config.json").write_text(json.dumps(config))
    server = Rehearsal(folder, ["--config_path", str(folder / "config.json")])
    yield server
    server.stop()


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_graph_says_why_and_stays_unavailable(refusing: Rehearsal, name: str) -> None:
    log = refusing.stdout
    failed = f"Mediapipe: {name} state changed to: LOADING_PRECONDITION_FAILED after handling: ValidationFailedEvent: "
    assert failed in log
    end = log.index(failed)
    start = log.rindex(f"Started validation of mediapipe: {name}\n", 0, end)
    assert REFUSED[name][1] in log[start:end]
    ready = refusing.call("ModelReady", messages.ModelReadyRequest(name=name), messages.ModelReadyResponse)
    assert not ready.ready
    assert refusing.refusal(name, {"in": ROW}) == ("UNAVAILABLE", "Mediapipe is not loaded yet")


def test_one_bad_graph_leaves_the_others_alone(refusing: Rehearsal) -> None:
    assert refusing.infer("good", {"in": ROW})["out"].shape == (1, 10)
    assert "Failed to open mediapipe graph definition: missing, file: " in refusing.stdout
    _, config = refusing.rest("/v1/config")
    state = {name: entry["model_version_status"][0] for name, entry in config.items()}
    assert (state["good"]["state"], state["empty"]["status"]["error_code"]) == ("AVAILABLE", "FAILED_PRECONDITION")


def test_the_parser_tells_line_and_column_on_stderr(refusing: Rehearsal) -> None:
    assert "[libprotobuf ERROR " in refusing.stderr
    assert "Error parsing text-format mediapipe.CalculatorGraphConfig: 1:" in refusing.stderr


def test_a_healthy_start_in_the_servers_order(serve: Serve, increment_model: Path) -> None:
    server = serve({"g": one_model()}, {"inc": increment_model})
    lines = [
        "GRPCServerModule started",
        f"Started gRPC server on port {server.grpc_port}",
        "ServableManagerModule starting",
        'model inc status change. New status: ( "state": "AVAILABLE"',
        "MediapipeGraphDefinition initializing graph nodes",
        "Mediapipe: g kfs pass through: false",
        "Mediapipe: g state changed to: AVAILABLE after handling: ValidationPassedEvent: ",
        "ServableManagerModule started",
    ]
    places = [server.stdout.index(line) for line in lines]
    assert places == sorted(places)
    assert "Registered Calculators: " in server.stdout
    assert server.terminate() == 0
    assert "Shutdown gRPC server" in server.stdout


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[]", "JSON schema parse error:#. Keyword:type Key: #"),
        ("{", "Configuration file is not a valid JSON file. Error: "),
        ('{"mediapipe_config_list": []}', "Keyword:required"),
        ('{"model_config_list": [], "extra": 1}', "Keyword:additionalProperties"),
        ('{"model_config_list": [{"config": {"name": "m", "base_path": "m", "batch_size": -1}}]}', "Keyword:oneOf"),
        ('{"model_config_list": [{"config": {"name": "m", "plugin_config": {"A": {"B": 1}}}}]}', "Keyword:type"),
    ],
)
def test_a_config_that_stops_the_start(tmp_path: Path, text: str, line: str) -> None:
    (tmp_path / "config.json").write_text(text)
    server = Rehearsal(tmp_path, ["--config_path", str(tmp_path / "config.json")])
    assert server.exit_code() == 1
    assert line in server.stdout


def test_single_graph_mode_ends_with_the_graph(tmp_path: Path) -> None:
    (tmp_path / "graph.pbtxt").write_text(REFUSED["no_output"][0])
    server = Rehearsal(tmp_path, ["--model_path", str(tmp_path), "--model_name", "mine"])
    assert server.exit_code() == 1
    (tmp_path / "graph.pbtxt").write_text(PASS_THROUGH)
    server = Rehearsal(tmp_path, ["--model_path", str(tmp_path), "--model_name", "mine"])
    try:
        assert server.infer("mine", {"in": ROW})["out"].shape == (1, 10)
    finally:
        server.stop()


def test_single_model_mode(tmp_path: Path, increment_model: Path) -> None:
    server = Rehearsal(tmp_path, ["--model_path", str(increment_model), "--model_name", "m"])
    try:
        np.testing.assert_array_equal(server.infer("m", {"a": ROW})["b"], ROW + 1)
    finally:
        server.stop()


def test_an_escaping_exception_hides_the_graph_and_skips_later_ones(serve: Serve) -> None:
    graph = (
        'input_stream: "REQUEST_PAYLOAD:input" output_stream: "RESPONSE_PAYLOAD:output"\n'
        'node { name: "e" calculator: "EmbeddingsCalculatorOV" input_stream: "REQUEST_PAYLOAD:input" '
        'output_stream: "RESPONSE_PAYLOAD:output" '
        'input_side_packet: "EMBEDDINGS_NODE_RESOURCES:embeddings_servable" node_options { '
        '[type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions] { models_path: "absent" } } }'
    )
    server = serve({"first": PASS_THROUGH, "second": graph, "third": PASS_THROUGH})
    assert "Failed to process mediapipe graph config:" in server.stdout
    assert server.infer("first", {"in": ROW})["out"].shape == (1, 10)
    for hidden in ("second", "third"):
        assert server.refusal(hidden, {"in": ROW})[0] == "NOT_FOUND"
    assert "ServableManagerModule started" in server.stdout
