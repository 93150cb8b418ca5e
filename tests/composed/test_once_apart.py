"""Graphs on which the rules and the framework once said different things, now each as a server takes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.composed import lint
from tests.composed.framework import RehearsedServer
from tests.composed.outcome import agree

BORDER = 'input_stream: "a"\ninput_stream: "b"\noutput_stream: "a"\n'


def node(calculator: str, rest: str) -> str:
    return f'node {{ calculator: "{calculator}" {rest} }}\n'


def options(message: str, settings: str) -> str:
    return f"options {{ [mediapipe.{message}Options.ext] {{ {settings} }} }}"


def handler(name: str, settings: str = "", message: str = "DefaultInputStreamHandler") -> str:
    return f'input_stream_handler {{ input_stream_handler: "{name}" {options(message, settings) if settings else ""} }}'


TO_ROI = 'input_stream: "LANDMARKS:a" input_stream: "IMAGE_SIZE:b" output_stream: "ROI:roi"'
TO_ROI_UNREAD = 'input_stream: "LANDMARKS:a" input_stream: "IMAGE_SIZE:b" '
SWITCHED = options("SwitchContainer", 'contained_node { calculator: "PassThroughCalculator" } enable: true')
SPLIT = options("SplitVectorCalculator", "combine_outputs: true element_only: true ranges { end: 1 }")
PASSED_ON = 'input_stream: "a" output_stream: "passed_on"'
THRESHOLD = 'input_stream: "FLOAT:a" output_stream: "FLAG:f"'
BATCH_OF_NONE = handler("FixedSizeInputStreamHandler", "batch_size: 0")
MUXED = (
    'input_stream: "C0__A:a" input_stream: "C1__A:b" output_stream: "A:o" '
    'input_side_packet: "C0__S:s" output_side_packet: "S:chosen" '
)
MUXED_TOO = ' input_side_packet: "C1__S:s"'
CONSTANT = node(
    "ConstantSidePacketCalculator",
    'output_side_packet: "PACKET:s" ' + options("ConstantSidePacketCalculator", "packet { int_value: 1 }"),
)
GRAPHS: dict[str, tuple[str, str, str]] = {
    "no detections at all": (
        node(
            "NonMaxSuppressionCalculator",
            'output_stream: "o" ' + options("NonMaxSuppressionCalculator", "num_detection_streams: 0"),
        ),
        "create",
        "dies",
    ),
    "a side packet that need not be named but is": (
        node(
            "ThresholdingCalculator", 'input_stream: "FLOAT:a" output_stream: "FLAG:f" input_side_packet: "THRESHOLD:t"'
        ),
        "create",
        "refused",
    ),
    "a side packet that may be empty": (
        node("GateCalculator", PASSED_ON + ' input_side_packet: "ALLOW:t"'),
        "",
        "",
    ),
    "a model that nobody makes": (
        node(
            "InferenceCalculator", 'input_stream: "TENSORS:a" output_stream: "TENSORS:o" input_side_packet: "MODEL:m"'
        ),
        "create",
        "refused",
    ),
    "a subgraph's field set to its default": (
        node("HandLandmarksToRoi", TO_ROI + " buffer_size_hint: 0 source_layer: 0"),
        "",
        "",
    ),
    "a subgraph's field set": (node("HandLandmarksToRoi", TO_ROI + " source_layer: 1"), "load", "refused"),
    "a subgraph node with a dash in its name": (
        node("HandLandmarksToRoi", TO_ROI + ' name: "to-roi"'),
        "load",
        "refused",
    ),
    "a subgraph node whose name begins with a digit": (
        node("HandLandmarksToRoi", TO_ROI + ' name: "1st"'),
        "load",
        "refused",
    ),
    "a subgraph node with a dot, a blank and capitals in its name": (
        node("HandLandmarksToRoi", TO_ROI + ' name: "To.the roi"'),
        "",
        "",
    ),
    "a subgraph inside a container whose name begins with a digit": (
        node(
            "SwitchContainer",
            TO_ROI + options("SwitchContainer", 'contained_node { name: "1st" calculator: "HandLandmarksToRoi" }'),
        ),
        "",
        "",
    ),
    "a calculator's node with a dash in its name": (node("PassThroughCalculator", PASSED_ON + ' name: "a-b"'), "", ""),
    "a side packet that a subgraph does not make": (
        node("TensorsToFaceLandmarks", 'input_stream: "TENSORS:a" output_side_packet: "LANDMARKS:l"'),
        "load",
        "refused",
    ),
    "a malformed name in a container": (
        node("SwitchContainer", 'input_stream: "A:a" output_stream: "A:Out" ' + SWITCHED),
        "load",
        "dies",
    ),
    "a malformed name elsewhere": (
        node("PassThroughCalculator", 'input_stream: "A:a" output_stream: "A:Out"'),
        "load",
        "refused",
    ),
    "what chooses in a container is compared later": (
        node("SwitchContainer", 'input_stream: "ENABLE:b" input_stream: "A:a" output_stream: "A:o" ' + SWITCHED)
        + node(
            "GetDetectionVectorItemCalculator",
            'input_stream: "VECTOR:v" input_stream: "INDEX:b" output_stream: "ITEM:i"',
        )
        + 'input_stream: "v"\n',
        "",
        "",
    ),
    "two channels of two types": (
        node("SwitchMuxCalculator", 'input_stream: "C0__A:a" input_stream: "C1__A:b" output_stream: "A:o"')
        + node(
            "GetDetectionVectorItemCalculator",
            'input_stream: "VECTOR:a" input_stream: "INDEX:b" output_stream: "ITEM:i"',
        ),
        "load",
        "refused",
    ),
    "a combined output is a vector, whatever element_only says": (
        node("SplitFloatVectorCalculator", 'input_stream: "a" output_stream: "o" ' + SPLIT)
        + node("SplitFloatVectorCalculator", 'input_stream: "o" output_stream: "p" ' + SPLIT),
        "",
        "",
    ),
    "the base class of all handlers is none": (
        node("PassThroughCalculator", PASSED_ON + handler("InputStreamHandler")),
        "load",
        "refused",
    ),
    "batches of none, fixed size": (node("PassThroughCalculator", PASSED_ON + BATCH_OF_NONE), "load", "dies"),
    "batches of none for what is inside a subgraph": (
        handler("DefaultInputStreamHandler", "batch_size: 0") + node("HandLandmarksToRoi", TO_ROI),
        "load",
        "dies",
    ),
    "batches of none, of no handler": (
        f"input_stream_handler {{ {options('DefaultInputStreamHandler', 'batch_size: 0')} }}\n"
        + node("HandLandmarksToRoi", TO_ROI),
        "",
        "",
    ),
    "a trace log of negative size": (
        "profiler_config { trace_enabled: true trace_log_capacity: -1 }\n" + node("PassThroughCalculator", PASSED_ON),
        "create",
        "dies",
    ),
    "a profiler's filter that is no expression": (
        'profiler_config { calculator_filter: "(" }\n' + node("PassThroughCalculator", PASSED_ON),
        "",
        "",
    ),
    "a file that is not there": (
        node(
            "TensorsToClassificationCalculator",
            'input_stream: "TENSORS:a" output_stream: "CLASSIFICATIONS:c" '
            + options("TensorsToClassificationCalculator", 'label_map_path: "nowhere/labels.txt"'),
        ),
        "create",
        "refused",
    ),
    "a subgraph called as MediaPipe would call another one": (
        node("HandLandmarksToRoi", TO_ROI_UNREAD + 'output_stream: "ROI:one"')
        + node("FaceLandmarksToRoi", TO_ROI_UNREAD + 'output_stream: "ROI:two" name: "HandLandmarksToRoi_2"')
        + node("HandLandmarksToRoi", TO_ROI_UNREAD + 'output_stream: "ROI:three"'),
        "",
        "",
    ),
    "a subgraph called as MediaPipe would call another one of its kind": (
        node("HandLandmarksToRoi", TO_ROI_UNREAD)
        + node("HandLandmarksToRoi", TO_ROI_UNREAD + 'name: "HandLandmarksToRoi_2"')
        + node("HandLandmarksToRoi", TO_ROI_UNREAD),
        "load",
        "refused",
    ),
    "subgraphs whose names differ in capitals": (
        node("HandLandmarksToRoi", TO_ROI_UNREAD + 'name: "Left"')
        + node("HandLandmarksToRoi", TO_ROI_UNREAD + 'name: "left"'),
        "load",
        "refused",
    ),
    "subgraphs of one name": (
        node("HandLandmarksToRoi", TO_ROI_UNREAD + 'name: "left"')
        + node("HandLandmarksToRoi", TO_ROI_UNREAD + 'name: "left"'),
        "",
        "",
    ),
    "a subgraph that is called like calculators does not count among them": (
        node("HandLandmarksToRoi", TO_ROI_UNREAD + 'name: "PassThroughCalculator"')
        + node("PassThroughCalculator", PASSED_ON)
        + node("PassThroughCalculator", 'input_stream: "a" output_stream: "o" name: "PassThroughCalculator_2"'),
        "",
        "",
    ),
    "a name that MediaPipe gives to a calculator that the wheel lacks": (
        node("MuxCalculator", 'input_stream: "INPUT:a" input_stream: "SELECT:b" output_stream: "OUTPUT:m"')
        + node("PassThroughCalculator", 'name: "MuxCalculator_1" input_stream: "b" output_stream: "n"')
        + node("MuxCalculator", 'input_stream: "INPUT:a" input_stream: "SELECT:b" output_stream: "OUTPUT:o"'),
        "load",
        "dies",
    ),
    "a side packet for a container, of which its nodes could do without": (
        node(
            "SwitchContainer",
            'input_stream: "A:a" output_stream: "A:o" input_side_packet: "ALLOW:p" '
            + options("SwitchContainer", 'contained_node { calculator: "PassThroughCalculator" }'),
        ),
        "create",
        "refused",
    ),
    "a side packet of another channel than the chosen one": (
        node("SwitchMuxCalculator", MUXED + options("SwitchContainer", "select: 1")) + CONSTANT,
        "create",
        "dies",
    ),
    "a side packet of the chosen channel": (
        node("SwitchMuxCalculator", MUXED + options("SwitchContainer", "select: 1 enable: false") + MUXED_TOO)
        + CONSTANT,
        "",
        "",
    ),
    "a side packet of the first channel, chosen by nobody": (
        node("SwitchMuxCalculator", MUXED) + CONSTANT,
        "",
        "",
    ),
    "a side packet of a channel that nobody makes": (
        node("SwitchMuxCalculator", MUXED),
        "create",
        "refused",
    ),
    "an optional side packet under a handler that the wheel lacks": (
        node(
            "FlowLimiterCalculator",
            'input_stream: "a" input_stream: "FINISHED:b" output_stream: "o" input_side_packet: "OPTIONS:p" '
            + handler("BarrierInputStreamHandler"),
        ),
        "",
        "",
    ),
    "a side packet that is typed only where another one is not connected": (
        node("TfLiteCustomOpResolverCalculator", 'output_side_packet: "OP_RESOLVER:one" output_side_packet: "other"')
        + node("PassThroughCalculator", PASSED_ON + ' input_side_packet: "other" output_side_packet: "handed"'),
        "load",
        "refused",
    ),
    "a model that no request can carry": (
        node("InferenceCalculator", 'input_stream: "TENSORS:a" output_stream: "TENSORS:o" input_side_packet: "MODEL:m"')
        + 'input_side_packet: "m"\n',
        "create",
        "refused",
    ),
    "a side packet that a switch has from nowhere": (
        node("SwitchMuxCalculator", 'input_stream: "C0__A:a" output_stream: "A:o" output_side_packet: "S:chosen"')
        + node("ThresholdingCalculator", THRESHOLD + ' input_side_packet: "THRESHOLD:chosen"'),
        "load",
        "refused",
    ),
    "a side packet that a switch has from nowhere, for a reader that takes anything": (
        node("SwitchMuxCalculator", 'input_stream: "C0__A:a" output_stream: "A:o" output_side_packet: "S:chosen"')
        + node("PassThroughCalculator", PASSED_ON + ' input_side_packet: "chosen" output_side_packet: "handed"'),
        "load",
        "refused",
    ),
    "a side packet of a channel that has another index": (
        node("SwitchMuxCalculator", MUXED + ' output_side_packet: "S:1:more"')
        + CONSTANT
        + node("PassThroughCalculator", PASSED_ON + ' input_side_packet: "more" output_side_packet: "handed"'),
        "create",
        "dies",
    ),
    "a side packet of a container that holds nothing": (
        node("SwitchContainer", 'output_side_packet: "S:chosen"')
        + node("PassThroughCalculator", PASSED_ON + ' input_side_packet: "chosen" output_side_packet: "handed"'),
        "load",
        "refused",
    ),
    "a side packet of a container that holds nothing, unread": (
        node("SwitchContainer", 'output_side_packet: "S:chosen"'),
        "",
        "",
    ),
    "a side packet under another tag than the calculator's, and read": (
        CONSTANT.replace("int_value: 1", 'string_value: "1"')
        + node("StringToInt64Calculator", 'input_side_packet: "s" output_side_packet: "OTHER:number"')
        + node("PassThroughCalculator", PASSED_ON + ' input_side_packet: "number" output_side_packet: "handed"'),
        "load",
        "refused",
    ),
    "a side packet under another tag than the calculator's, unread": (
        CONSTANT.replace("int_value: 1", 'string_value: "1"')
        + node("StringToInt64Calculator", 'input_side_packet: "s" output_side_packet: "OTHER:number"'),
        "create",
        "dies",
    ),
    "a model that is taken for a number": (
        node("HandLandmarkModelLoader", 'output_side_packet: "MODEL:m"')
        + node("ThresholdingCalculator", THRESHOLD + ' input_side_packet: "THRESHOLD:m"'),
        "load",
        "refused",
    ),
    "a contract under a handler that the wheel lacks": (
        node(
            "PacketSequencerCalculator",
            'input_stream: "INPUT:a" input_stream: "TICK:b" ' + handler("BarrierInputStreamHandler"),
        ),
        "load",
        "refused",
    ),
    "types under a handler that the wheel lacks": (
        node(
            "MergeCalculator",
            'input_stream: "a" input_stream: "b" output_stream: "m" ' + handler("BarrierInputStreamHandler"),
        )
        + node("ImagePropertiesCalculator", 'input_stream: "IMAGE:a" output_stream: "SIZE:s"')
        + node("ThresholdingCalculator", 'input_stream: "FLOAT:s" output_stream: "FLAG:f"'),
        "load",
        "refused",
    ),
}
"""What it is, the graph behind the border, when and how a server fails."""


@pytest.fixture(scope="module")
def server() -> Iterator[RehearsedServer]:
    with RehearsedServer() as found:
        yield found


@pytest.mark.parametrize("name", GRAPHS)
def test_both_say_what_becomes_of_it(server: RehearsedServer, name: str) -> None:
    rest, moment, way = GRAPHS[name]
    theirs, ours = server.judge(BORDER + rest), lint.outcome(BORDER + rest)
    assert (theirs.moment, "".join(theirs.ways)) == (moment, way), theirs
    assert agree(theirs, ours), ours


def test_a_node_that_is_no_source_and_has_no_inputs(server: RehearsedServer) -> None:
    """It runs for ever, unless the run, which gets no packets, is closed before it has begun to."""
    text = BORDER + node("AssociationNormRectCalculator", 'output_stream: "o"')
    theirs, ours = server.judge(text), lint.outcome(text)
    assert (theirs.moment, "".join(theirs.ways)) in (("create", "hangs"), ("", "")), theirs
    assert ours.moment == "create", ours


def test_tensorflow_lite_runs_on_the_processor_whatever_the_wheel_prefers(server: RehearsedServer) -> None:
    text = BORDER + node(
        "InferenceCalculator",
        'input_stream: "TENSORS:a" output_stream: "TENSORS:o" '
        + options("InferenceCalculator", 'model_path: "nowhere.tflite"'),
    )
    theirs = server.judge(text)
    assert theirs.moment == "create"
    assert "Can't find file: nowhere.tflite" in theirs.why


def test_drawing_with_a_graphics_processor_is_not_exercised(server: RehearsedServer) -> None:
    theirs = server.judge(
        BORDER + node("AnnotationOverlayCalculator", 'input_stream: "UIMAGE:a" output_stream: "UIMAGE:o"')
    )
    assert not theirs.moment
    assert not theirs.exercised
