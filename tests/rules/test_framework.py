"""What the rules refuse at load, MediaPipe refuses, and the other way round: held against the framework itself.

The framework is the one of the ``mediapipe`` wheel, whose checks at load are those of the servers the catalog is about.
"""

from __future__ import annotations

from hypothesis import example, given, note, settings
from hypothesis import strategies as st

from graphval.findings import Phase
from graphval.rehearsal.framework import bindings

from .judging import errors

AT_LOAD = (Phase.PARSE, Phase.LOAD)
HEAD = 'input_stream: "a"\ninput_stream: "b"\noutput_stream: "a"\n'

PALETTE: dict[str, tuple[str, ...]] = {
    "PassThroughCalculator": ("in", "out"),
    "MergeCalculator": ("in", "in", "out"),
    "GateCalculator": ("in", "in ALLOW", "out"),
    "FlowLimiterCalculator": ("in", "in FINISHED", "out"),
    "ImagePropertiesCalculator": ("in IMAGE", "out SIZE"),
    "ImageTransformationCalculator": ("in IMAGE", "in OUTPUT_DIMENSIONS", "out IMAGE"),
    "ToImageCalculator": ("in IMAGE_CPU", "out IMAGE"),
    "FromImageCalculator": ("in IMAGE", "out IMAGE_CPU"),
    "DetectionsToRectsCalculator": ("in DETECTION", "in IMAGE_SIZE", "out RECT"),
    "BeginLoopDetectionCalculator": ("in ITERABLE", "in CLONE", "out ITEM", "out BATCH_END", "out CLONE"),
    "RectTransformationCalculator": ("in NORM_RECT", "in IMAGE_SIZE", "out"),
    "LandmarksToDetectionCalculator": ("in NORM_LANDMARKS", "out DETECTION"),
    "PoseDetectionToRoi": ("in DETECTION", "in IMAGE_SIZE", "out ROI"),
    "FaceLandmarkLandmarksToRoi": ("in LANDMARKS", "in IMAGE_SIZE", "out ROI"),
    "HandVisibilityFromHandLandmarksFromPose": ("in HAND_LANDMARKS_FROM_POSE", "out VISIBILITY"),
    "PreviousLoopbackCalculator": ("in MAIN", "in LOOP", "out PREV_LOOP"),
    "StringToIntCalculator": ("side", "made"),
    "SidePacketToStreamCalculator": ("side", "out AT_ZERO"),
}
"""Calculators and subgraphs that the wheel and the servers have, with connections that make a sound node."""
FIELDS = {"in": "input_stream", "out": "output_stream", "side": "input_side_packet", "made": "output_side_packet"}


@st.composite
def graphs(draw: st.DrawFn) -> str:
    """Chains of the palette's calculators; some streams are shared, one node may have one thing wrong."""
    nodes = []
    streams, packets = ["a", "b"], ["p", "q"]
    length = draw(st.integers(1, 5))
    odd_one = draw(st.integers(0, 2 * length))
    for position in range(length):
        calculator = draw(st.sampled_from(sorted(PALETTE)))
        mistake = draw(st.sampled_from(["drop", "add", "again", "retag", "steal"])) if position == odd_one else ""
        fields, written = [], []
        for number, connection in enumerate(_connections(draw, PALETTE[calculator], mistake)):
            kind, _, tag = connection.partition(" ")
            known = streams if kind in ("in", "out") else packets
            if kind in ("out", "made"):
                name = known[-1] if mistake == "steal" else f"s{position}_{number}"
                written.append((known, name))
            else:
                # Graph inputs have no type, so that many graphs are sound; the last one may come to be later.
                name = draw(st.sampled_from([*known[:2] * 3, *known, f"s{position + 1}_1"]))
            fields.append(f'{FIELDS[kind]}: "{tag}{":" if tag else ""}{name}"')
        for known, name in written:
            known.append(name)
        nodes.append(f'node {{ calculator: "{calculator}" {" ".join(fields)} }}\n')
    return HEAD + "".join(nodes)


def _connections(draw: st.DrawFn, sound: tuple[str, ...], mistake: str) -> list[str]:
    """The connections of one node."""
    connections = list(sound)
    at = draw(st.integers(0, len(connections) - 1))
    match mistake:
        case "drop":
            connections.pop(at)
        case "add":
            connections.append(draw(st.sampled_from(["in EXTRA", "out EXTRA", "in", "out", "side EXTRA"])))
        case "again":
            connections.append(connections[at])
        case "retag":
            connections[at] = connections[at].partition(" ")[0] + draw(st.sampled_from(["", " OTHER", " IMAGE"]))
    return connections


def refused(text: str) -> str:
    """Why the framework does not take a graph; empty if it does."""
    try:
        bindings().calculator_graph.CalculatorGraph(graph_config=text)
    except (RuntimeError, ValueError, NotImplementedError) as why:
        return str(why)
    return ""


UNTYPED = (
    HEAD
    + 'node { calculator: "StringToIntCalculator" input_side_packet: "p" output_side_packet: "n" '
    + 'output_side_packet: "m" }\n'
    + 'node { calculator: "SidePacketToStreamCalculator" input_side_packet: "m" output_stream: "AT_ZERO:late" }\n'
)


@settings(max_examples=400, deadline=None)
@example(UNTYPED)
@given(graphs())
def test_generated_graphs(text: str) -> None:
    theirs = refused(text)
    ours = [finding for finding in errors(text) if finding.phase in AT_LOAD]
    note(text)
    note(f"MediaPipe: {theirs or 'takes it'}")
    note(f"graphval: {[(f.code, f.location.line, f.message) for f in ours]}")
    assert bool(ours) == bool(theirs)
