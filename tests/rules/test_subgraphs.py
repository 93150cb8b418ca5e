"""Subgraphs within graphs: what the rules say of them at load is what MediaPipe does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphval.findings import Phase
from tests.rules.framework import Framework
from tests.rules.judging import errors, judged

BORDER = 'input_stream: "IMAGE:image"\ninput_stream: "any"\ninput_stream: "size"\noutput_stream: "IMAGE:image"\n'
TRACKING = """\
node {
  calculator: "FaceTracking"
  input_stream: "LANDMARKS:landmarks"
  input_stream: "FACE_RECROP_ROI:%s"
  input_stream: "IMAGE_SIZE:size"
  output_stream: "FACE_TRACKING_ROI:region"
}
node {
  calculator: "FaceLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:region"
  output_stream: "LANDMARKS:landmarks"
}
node {
  calculator: "FaceLandmarkLandmarksToRoi"
  input_stream: "LANDMARKS:landmarks"
  input_stream: "IMAGE_SIZE:size"
  output_stream: "ROI:again"
}
"""
TO_ROI = """\
node {
  calculator: "PoseDetectionToRoi"
  input_stream: "DETECTION:%s"
  input_stream: "IMAGE_SIZE:size"
  output_stream: "ROI:region"
  %s
}
"""
BACK = 'node { calculator: "MergeCalculator" input_stream: "region" output_stream: "back" }\n'

CONTAINER = """\
node {
  calculator: "SwitchContainer"
  input_stream: "%s"
  output_stream: "%s"
  options { [mediapipe.SwitchContainerOptions.ext] { contained_node { calculator: "%s" } } }
}
"""
INFERENCE = """\
node {
  calculator: "InferenceCalculator"
  input_stream: "TENSORS:any"
  output_stream: "TENSORS:out"
  input_stream_handler { input_stream_handler: "%s" }
  options { [mediapipe.InferenceCalculatorOptions.ext] { model_path: "/m.tflite" } }
}
"""
HAND = TO_ROI.replace("region", "region_of_hand") % ("any", "")

GRAPHS: dict[str, tuple[str, set[str]]] = {
    "a loop whose back edge is inside": (TRACKING % "any", set()),
    "a loop beside the one inside": (TRACKING % "again", {"GV213"}),
    "a loop through a subgraph": (TO_ROI % ("back", "") + BACK, {"GV213"}),
    "scheduling that is dropped": (TO_ROI % ("any", 'max_in_flight: -2 executor: "gpu"'), set()),
    "an executor that nobody declares": (TO_ROI % ("any", 'executor: "nobody"'), set()),
    "a handler that nobody has": (TO_ROI % ("any", 'input_stream_handler { input_stream_handler: "Odd" }'), set()),
    "a handler that nobody has, handed on": (INFERENCE % "Odd", {"GV508"}),
    "a handler that is handed on": (INFERENCE % "FixedSizeInputStreamHandler", set()),
    "a back edge": (TO_ROI % ("any", 'input_stream_info { tag_index: "DETECTION" back_edge: true }'), {"GV320"}),
    "a back edge of no input": (TO_ROI % ("any", 'input_stream_info { tag_index: "X" back_edge: true }'), {"GV320"}),
    "another type": (
        TO_ROI % ("region_of_hand", "") + TO_ROI.replace("region", "region_of_hand") % ("any", ""),
        {"GV240"},
    ),
    "an index too many": (TO_ROI % ("any", 'input_stream: "DETECTION:1:any"'), {"GV304"}),
    "a tag too many": (TO_ROI % ("any", 'input_stream: "IMAGE:any"'), {"GV304"}),
    "an input too few": (TO_ROI.replace('  input_stream: "IMAGE_SIZE:size"\n', "") % ("any", ""), {"GV303"}),
    "contained nodes": (CONTAINER % ("A:any", "B:out", "PassThroughCalculator"), {"GV310"}),
    "contained subgraphs": (CONTAINER % ("DETECTION:any", "ROI:out", "PoseDetectionToRoi"), {"GV303"}),
}


@pytest.fixture(scope="module")
def framework() -> Iterator[Framework]:
    with Framework() as found:
        yield found


@pytest.mark.parametrize("name", GRAPHS)
def test_at_load(framework: Framework, name: str) -> None:
    nodes, codes = GRAPHS[name]
    text = BORDER + nodes
    assert {finding.code for finding in errors(text) if finding.phase is Phase.LOAD} == codes
    verdict = framework.judge(text)
    assert (verdict.moment == "load") == bool(codes), verdict


FOR_ALL = (
    'input_stream_handler { input_stream_handler: "%s" '
    'options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "IMAGE" } } } }\n'
)
FOUND_FACES = 'node { calculator: "FaceDetectionShortRangeCpu" input_stream: "IMAGE:image" %s}\n'


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        (FOR_ALL % "SyncSetInputStreamHandler" + FOUND_FACES % "", Phase.CREATE),
        ("# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + FOR_ALL % "SyncSetInputStreamHandler" + FOUND_FACES % "", Phase.LOAD),
        (FOR_ALL % "ImmediateInputStreamHandler" + FOUND_FACES % "", None),
        (FOUND_FACES % (FOR_ALL % "SyncSetInputStreamHandler"), None),
    ],
)
def test_a_sync_set_of_the_graph_is_that_of_the_nodes_inside(text: str, phase: Phase | None) -> None:
    """MediaPipe `framework/validated_graph_config.cc`: subgraphs have been replaced when the handler is handed out."""
    found = [finding for finding in judged(text + BORDER, no_models=True).findings if finding.code == "GV501"]
    assert [finding.phase for finding in found] == ([phase] if phase is not None else [])
