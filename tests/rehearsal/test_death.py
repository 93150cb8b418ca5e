"""What ends the whole server in OVMS ends this process: for real, by the same signal, with the same text."""

from __future__ import annotations

import signal
from typing import Any

import numpy as np
import pytest

from tests.rehearsal.conftest import Serve
from tests.rehearsal.graphs import PASS_THROUGH, handler, one_model, pass_through_under, session

ROW = np.zeros((1, 10), np.float32)
POOL = "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n"
SYNC_SET = "SyncSetInputStreamHandler"


def sync_set(options: str) -> str:
    return handler(SYNC_SET, options)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            'sync_set { tag_index: "LOOPBACK:1" }',
            'sync_set_input_stream_handler.cc:56] Check failed: id.IsValid() stream "LOOPBACK:1" is not found.',
        ),
        ("sync_set { }", "Check failed: 0 < sync_set.tag_index_size() (0 vs. 0)"),
        ('sync_set { tag_index: "loop:0" }', 'TAG:index is invalid, "loop:0" does not match'),
        ('sync_set { tag_index: "" } sync_set { tag_index: ":0" }', 'stream ":0" is in more than one sync set.'),
    ],
)
def test_sync_sets_kill_at_the_first_request(serve: Serve, options: str, text: str) -> None:
    server = serve({"g": pass_through_under(sync_set(options))})
    code, message = server.refusal("g", {"any": ROW})
    assert code == "UNAVAILABLE", message
    assert server.exit_code() == -signal.SIGABRT
    assert text in server.stderr
    assert server.stderr.startswith("F0000 00:00:") or "\nF0000 00:00:" in server.stderr
    assert "*** Check failure stack trace: ***" in server.stderr


def test_a_sync_set_on_a_node_of_ours(serve: Serve) -> None:
    server = serve({"g": one_model(handler=sync_set('sync_set { tag_index: "B:1" }'))})
    server.refusal("g", {"any": ROW})
    assert server.exit_code() == -signal.SIGABRT
    assert 'stream "B:1" is not found.' in server.stderr


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (
            handler("TimestampAlignInputStreamHandler", 'timestamp_base_tag_index: "NOPE:0"'),
            'timestamp_base_stream_id_.IsValid() stream "NOPE:0" is not found.',
        ),
        (handler("TimestampAlignInputStreamHandler", 'timestamp_base_tag_index: "main"'), "TAG:index is invalid"),
        (handler("DefaultInputStreamHandler", "batch_size: 0"), "Batch size has to be greater than or equal to 1."),
    ],
)
def test_what_kills_at_load(serve: Serve, block: str, text: str) -> None:
    server = serve({"g": pass_through_under(block)})
    assert server.exit_code() == -signal.SIGABRT
    assert text in server.stderr
    assert "ServableManagerModule started" not in server.stdout


@pytest.mark.parametrize(
    ("graph", "text"),
    [
        (
            pass_through_under(sync_set('sync_set { tag_index: "X:3" }'), "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1"),
            'stream "X:3" is not found.',
        ),
        (POOL + PASS_THROUGH.replace('output_stream: "out"', 'output_stream: "nope"', 1), "std::bad_function_call"),
        (
            POOL + PASS_THROUGH.replace(" }", ' input_side_packet: "sp" output_side_packet: "sp2" }'),
            "terminate called after throwing an instance of 'std::bad_function_call'",
        ),
    ],
)
def test_a_pool_moves_the_death_to_load(serve: Serve, graph: str, text: str) -> None:
    server = serve({"g": graph})
    assert server.exit_code() == -signal.SIGABRT
    assert text in server.stderr


def test_without_pools_the_same_graph_loads(serve: Serve) -> None:
    graph = pass_through_under(sync_set('sync_set { tag_index: "X:3" }'), "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1")
    server = serve({"g": graph}, environment={"OVMS_GRAPH_QUEUE_OFF": "1"})
    assert server.process.poll() is None
    assert "ServableManagerModule started" in server.stdout


@pytest.mark.parametrize(
    ("tags", "tensor", "stored", "wanted"),
    [
        (("OVTENSOR", "IMAGE"), ROW, "ov::Tensor", "mediapipe::ImageFrame"),
        (("IMAGE", "OVTENSOR"), np.zeros((4, 4, 3), np.uint8), "mediapipe::ImageFrame", "ov::Tensor"),
        (("OVMS_PY_TENSOR", "TENSOR"), ROW, "ovms::PyObjectWrapper<pybind11::object>", "mediapipe::Tensor"),
        (("TFTENSOR", "OVTENSOR"), ROW, "tensorflow::Tensor", "ov::Tensor"),
    ],
)
def test_an_output_tag_that_is_not_the_packets_type(
    serve: Serve, tags: tuple[str, str], tensor: Any, stored: str, wanted: str
) -> None:
    graph = PASS_THROUGH.replace('input_stream: "in"', f'input_stream: "{tags[0]}:in"', 1).replace(
        'output_stream: "out"', f'output_stream: "{tags[1]}:out"', 1
    )
    server = serve({"g": graph})
    assert server.refusal("g", {"in": tensor})[0] == "UNAVAILABLE"
    assert server.exit_code() == -signal.SIGABRT
    assert f'The Packet stores "{stored}", but "{wanted}" was requested.' in server.stderr


def test_an_empty_graph_stream_is_a_memory_fault(serve: Serve) -> None:
    server = serve({"g": PASS_THROUGH + '\ninput_stream: ""\n'})
    assert server.exit_code() == -signal.SIGSEGV


def test_the_framework_kills_too(serve: Serve) -> None:
    graph = """
        input_stream: "in"
        output_stream: "out"
        node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
        node { calculator: "SsdAnchorsCalculator" output_side_packet: "anchors"
          node_options: { [type.googleapis.com/mediapipe.SsdAnchorsCalculatorOptions]: { num_layers: 6 strides: 8
            min_scale: 0.1 max_scale: 0.9 input_size_height: 8 input_size_width: 8 } } }
    """
    server = serve({"g": graph + session("none")})
    server.refusal("g", {"in": ROW})
    assert server.exit_code() == -signal.SIGABRT
    assert "ssd_anchors_calculator.cc" in server.stderr
