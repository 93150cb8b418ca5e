"""A node reads a file from the server's working directory.

## What it does

Looks for calculators that open a file when a graph is created, and whose path is relative; and for subgraphs that hold
such nodes, with paths nobody can change.

## Why it is bad

The file is looked for in the directory in which the server was started, not beside the graph. Where it is not, each
request fails: `Can't find file: labels.txt`. What was tried on one machine then does not work in the server's image.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "ResourceProviderCalculator"
  output_side_packet: "RESOURCE:labels"
  node_options: {
    [type.googleapis.com/mediapipe.ResourceProviderCalculatorOptions]: {
      resource_id: "labels.txt"  # warning: [GV318]
    }
  }
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write an absolute path that the server has, for example of a mounted folder. For a subgraph, mount the file where it is
looked for, relative to the working directory of the server.

## Limits

Whether the server has a file of an absolute path cannot be known from here.

## Source

MediaPipe `mediapipe/util/resource_util_default.cc` and the calculators named (fork of OVMS 2026.4); for the hand
subgraphs seen on the real server, for the model loaders in the MediaPipe wheel 0.10.21.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

_FIELDS = {
    "BoxDetectorCalculator": "index_proto_filename",
    "DetectionLabelIdToTextCalculator": "label_map_path",
    "InferenceCalculator": "model_path",
    "InferenceCalculatorCpu": "model_path",
    "OpenVINOInferenceAdapterCalculator": "model_path",
    "OpenVINOTensorsToClassificationCalculator": "label_map_path",
    "ResourceProviderCalculator": "resource_id",
    "TensorsToClassificationCalculator": "label_map_path",
    "TfLiteInferenceCalculator": "model_path",
}
"""The option that names what a calculator opens."""

_HANDEDNESS = "mediapipe/modules/hand_landmark/handedness.txt"
_INSIDE = {
    "FaceLandmarksModelLoader": "a model of mediapipe/modules/face_landmark",
    "HandLandmarkCpu": _HANDEDNESS,
    "HandLandmarkModelLoader": "a model of mediapipe/modules/hand_landmark",
    "HandLandmarksFromPoseCpu": _HANDEDNESS,
    "HandLandmarksLeftAndRightCpu": _HANDEDNESS,
    "HolisticLandmarkCpu": _HANDEDNESS,
    "PoseLandmarkModelLoader": "a model of mediapipe/modules/pose_landmark",
}
"""What subgraphs open."""


@node_rule(
    "GV318",
    "relative-file",
    phase=Phase.CREATE,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
    calculators={*_FIELDS, *_INSIDE},
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    name = context.registered_name(node)
    contract = context.contract(node)
    if name is None or contract is None:
        return
    if name in _INSIDE:
        yield Hit(
            node.calculator_place,
            f"{name} reads {_INSIDE[name]} from the server's working directory",
            label="every request fails where it is not there",
            help="put it there, or mount it",
            node=node,
        )
    for connection in node.input_side_packets.of("RESOURCE_ID") if name == "ResourceProviderCalculator" else ():
        path = _constant(context, connection.name)
        if path and not path.startswith("/"):
            yield Hit(connection.place, *_said(path), node=node)
    options = node.options_of(contract.options_message) if contract.options_message and name in _FIELDS else None
    for field in options.all(_FIELDS[name]) if options is not None else ():
        if field.string and not field.string.startswith("/"):
            yield Hit(field.place, *_said(field.string), node=node)


def _said(path: str) -> tuple[str, str, str]:
    """Message, help and label."""
    return (
        f'"{path}" is looked for in the server\'s working directory, not beside the graph',
        "write an absolute path that the server has",
        "every request fails where it is not there",
    )


def _constant(context: GraphContext, name: str) -> str:
    """The text that a ``ConstantSidePacketCalculator`` writes into a side packet; empty where another node does."""
    producer = context.wiring.side_producer(name)
    if producer is None or producer.node is None:
        return ""
    options = producer.node.options_of("mediapipe.ConstantSidePacketCalculatorOptions")
    packets = list(options.messages("packet")) if options is not None else []
    if context.registered_name(producer.node) != "ConstantSidePacketCalculator" or producer.connection.index >= len(
        packets
    ):
        return ""
    written = packets[producer.connection.index].first("string_value")
    return written.string if written is not None else ""
