"""Where a missing declaration of a graph's border is said to belong."""

from __future__ import annotations

import pytest

from graphval.findings import Severity

from .judging import judged

NODE = 'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }'


@pytest.mark.parametrize(
    ("lines", "missing", "line", "label"),
    [
        (["input_stream: 'in'", NODE, NODE], "output_stream", 2, "it belongs above this line"),
        ([NODE, "input_stream: 'in'", NODE, NODE], "output_stream", 3, "it belongs above this line"),
        (
            ["input_stream: 'in'", "input_stream: 'b'", "num_threads: 1", NODE],
            "output_stream",
            3,
            "it belongs above this line",
        ),
        ([NODE, "input_stream: 'in'"], "output_stream", 1, ""),
        (["num_threads: 1", "output_stream: 'out'", NODE], "input_stream", 2, "it belongs above this line"),
        (["num_threads: 1", NODE, "output_stream: 'out'"], "input_stream", 2, "it belongs above this line"),
    ],
)
def test_where_a_missing_border_belongs(lines: list[str], missing: str, line: int, label: str) -> None:
    found = [f for f in judged("\n".join(lines) + "\n").findings if f.code == "GV201"]
    assert [(f.message, f.location.line, f.label) for f in found] == [(f"the graph has no {missing}", line, label)]


def test_a_graph_of_nothing_lacks_both() -> None:
    found = [f for f in judged("num_threads: 1\n").findings if f.code == "GV201"]
    assert [(f.message, f.location.line) for f in found] == [
        ("the graph has no input_stream", 1),
        ("the graph has no output_stream", 1),
    ]


@pytest.mark.parametrize(
    ("given", "made", "codes"),
    [
        ("TFLITE_TENSOR:in", "OVTENSOR:out", ["GV230"]),
        ("OVTENSOR:in", "TFLITE_TENSOR:out", ["GV230"]),
        ("REQUEST:in", "OVTENSOR:out", ["GV231"]),
        ("OVTENSOR:in", "RESPONSE:out", ["GV231"]),
        ("REQUEST:in", "RESPONSE:out", ["GV242"]),
        ("OVTENSOR:in", "IMAGE:out", ["GV242"]),
    ],
)
def test_a_tag_that_is_refused_is_one_mistake(given: str, made: str, codes: list[str]) -> None:
    found = judged(f'input_stream: "{given}"\noutput_stream: "{made}"\n{NODE}\n').findings
    assert [finding.code for finding in found] == codes


def test_what_is_refused_at_the_border_is_no_reason_to_expect_anything_else_there() -> None:
    node = 'node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out" }'
    found = judged(f'input_stream: "TFLITE_TENSOR:in"\noutput_stream: "OVTENSOR:out"\n{node}\n').findings
    assert [finding.code for finding in found] == ["GV230", "GV242"]


SELECTED = (
    'input_stream: "OVTENSOR:in"\ninput_stream: "OVTENSOR_CHOICE:chosen"\noutput_stream: "OVTENSOR:out"\n'
    'node { calculator: "MuxCalculator" input_stream: "INPUT:0:in" input_stream: "SELECT:chosen" %s'
    'output_stream: "OUTPUT:out" }\n'
)
UNTAGGED = (
    'input_stream: "OVTENSOR:in"\noutput_stream: "OVTENSOR:out"\n'
    'node { calculator: "OpenVINOModelServerSessionCalculator" output_side_packet: "session" node_options { '
    '[type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions] { servable_name: "m" } } }\n'
    'node { calculator: "OpenVINOInferenceCalculator" input_side_packet: "SESSION:session" '
    'input_stream: "OVTENSOR:in" output_stream: "OVTENSOR:out" }\n'
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # MediaPipe holds a packet against the type of the input before a handler reads it; seen on the real server.
        (SELECTED % "", ["GV243"]),
        (SELECTED.replace("SELECT:chosen", "INPUT:1:chosen") % 'input_side_packet: "SELECT:s" ', ["GV515"]),
        (UNTAGGED, ["GV307"]),
    ],
)
def test_one_mistake_is_told_once(text: str, codes: list[str]) -> None:
    found = judged(text, no_models=True).findings
    assert [finding.code for finding in found if finding.severity is Severity.ERROR] == codes
