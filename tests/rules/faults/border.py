"""Faults of the packet types at the border of a graph and within it."""

from __future__ import annotations

from collections.abc import Iterator

from graphval.rules.graph_border import BORDER_TYPES, io_prefix

from . import Fault
from .editing import added, node, renamed
from .graphs import Good

_USABLE = tuple(tag for tag in BORDER_TYPES if tag not in ("TFLITE_TENSOR", "REQUEST", "RESPONSE"))


def _wrong_output_tag(good: Good) -> Iterator[str]:
    for connection in good.graph.outputs:
        carried = good.context.flow.emitted(connection.name)
        if carried is None or io_prefix(connection, good.context.catalog) not in _USABLE:
            continue
        from_input = any(entry.name == connection.name for entry in good.graph.inputs)
        for tag in _USABLE:
            if BORDER_TYPES[tag] != carried and not from_input and not good.graph.outputs.get(connection.tag, 1):
                yield renamed(good, connection, f"{tag}:{connection.name}")


def _wrong_input_tag(good: Good) -> Iterator[str]:
    flow = good.context.flow
    read_by_typed = {connection.name for connection in good.graph.inputs if flow.wanted_of_input(connection.name)}
    for connection in good.graph.inputs:
        if connection.name not in read_by_typed or io_prefix(connection, good.context.catalog) not in _USABLE:
            continue
        for tag in _USABLE:
            if BORDER_TYPES[tag] not in flow.wanted_of_input(connection.name).types:  # type: ignore[union-attr]
                yield renamed(good, connection, f"{tag}:{connection.name}")


def _tflite(good: Good) -> Iterator[str]:
    if not good.context.border.speaks_http:
        reader = _MERGE.replace('"in"', '"old"').replace('"out"', '"new"')
        yield from added('input_stream: "TFLITE_TENSOR:old"', reader)(good)


def _whole(*lines: str) -> Iterator[str]:
    yield "\n".join((*lines, ""))


_MERGE = 'node { calculator: "MergeCalculator" input_stream: "in" output_stream: "out" }'
_MERGE_TWO = 'node { calculator: "MergeCalculator" input_stream: "in" input_stream: "more" output_stream: "out" }'
_BORDER = ('input_stream: "REQUEST:in"', 'output_stream: "RESPONSE:out"')
_ANY = _MERGE.replace('"in"', '"{feed}"').replace('"out"', '"any"')
_PRESENCE = (
    'node { calculator: "PacketPresenceCalculator" input_stream: "PACKET:{feed}" output_stream: "PRESENCE:there" }'
)
_LIMIT = (
    'node { calculator: "ConstantSidePacketCalculator" output_side_packet: "PACKET:limit" node_options: { '
    "[type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { float_value: 1 } } } }"
)


def _typed_readers(good: Good) -> Iterator[str]:
    for reader in (
        'node { calculator: "ImagePropertiesCalculator" input_stream: "IMAGE_CPU:there" output_stream: "SIZE:size" }',
        (
            'node { calculator: "ImageToTensorCalculator" input_stream: "IMAGE:there" output_stream: "TENSORS:tensors" '
            "node_options: { [type.googleapis.com/mediapipe.ImageToTensorCalculatorOptions]: { "
            "output_tensor_float_range { min: 0 max: 1 } } } }"
        ),
        node("FaceDetectionShortRangeCpu", ">IMAGE:there <DETECTIONS:faces"),
        'node { calculator: "TensorsToFloatsCalculator" input_stream: "TENSORS:there" output_stream: "FLOAT:number" }',
    ):
        yield from added(_PRESENCE, reader)(good)


def _through_a_subgraph(good: Good) -> Iterator[str]:
    faces = node("FaceDetectionShortRangeCpu", ">IMAGE:any <DETECTIONS:faces")
    for reader in (
        node("TensorsToFloatsCalculator", ">TENSORS:faces <FLOAT:number"),
        node("FaceDetectionFrontDetectionToRoi", ">DETECTION:faces >IMAGE_SIZE:any <ROI:region"),
    ):
        yield from added(_ANY, faces, reader)(good)


FAULTS = (
    Fault("GV230", "a TFLite tensor at the border", _tflite),
    Fault(
        "GV231", "a whole request without a response", lambda good: _whole(_BORDER[0], 'output_stream: "out"', _MERGE)
    ),
    Fault("GV231", "a whole response without a request", lambda good: _whole('input_stream: "in"', _BORDER[1], _MERGE)),
    Fault(
        "GV232", "a whole request and more", lambda good: _whole(*_BORDER, 'input_stream: "OVTENSOR:more"', _MERGE_TWO)
    ),
    Fault("GV240", "readers of another type", _typed_readers),
    Fault("GV240", "readers of what a subgraph finds", _through_a_subgraph),
    Fault(
        "GV241",
        "a side packet of another type",
        added(
            _LIMIT,
            'node { calculator: "GateCalculator" input_stream: "{feed}" output_stream: "gated" '
            'input_side_packet: "ALLOW:limit" }',
        ),
    ),
    Fault("GV242", "an output tag of another type", _wrong_output_tag),
    Fault("GV243", "an input tag of another type", _wrong_input_tag),
)
