"""Readers of one side packet that nobody supplies: each is looked at, whatever those before it need."""

from __future__ import annotations

import pytest

from graphval.findings import Phase

from .judging import judged
from .test_flow import BORDER, node
from .test_limits import pointed

THROUGH = node("PassThroughCalculator", "> in", "< out")
OPTIONAL = node("GateCalculator", "> in", "< a", "} ALLOW:s")
ANYTHING = node("PassThroughCalculator", "> in", "< b", "} s", "{ t")
UNKNOWN = node("Homemade", "> in", "< c", "} X:s")
NEEDED = node("OpenVINOInferenceCalculator", "> in", "< d", "} SESSION:s")
TOLD = ["SESSION:s"]


@pytest.mark.parametrize(
    ("nodes", "places"),
    [
        (NEEDED, TOLD),
        (OPTIONAL + NEEDED, TOLD),
        (UNKNOWN + NEEDED, TOLD),
        (NEEDED + OPTIONAL, TOLD),
        (OPTIONAL, []),
        (UNKNOWN, []),
        (NEEDED + NEEDED.replace('"d"', '"e"'), TOLD * 2),
    ],
)
def test_each_reader_is_looked_at(nodes: str, places: list[str]) -> None:
    text = BORDER.format("in", "out") + THROUGH + nodes
    found = [finding for finding in judged(text).findings if finding.code == "GV212"]
    assert [pointed(text, finding) for finding in found] == [f'"{place}"' for place in places]


def test_what_requests_may_carry_is_told_of_each_reader() -> None:
    text = BORDER.format("in", "out") + THROUGH + ANYTHING + ANYTHING.replace('"b"', '"e"').replace('"t"', '"u"')
    found = [finding for finding in judged(text).findings if finding.code == "GV212"]
    assert [finding.message for finding in found] == ['every request must carry the parameter "s"'] * 2
    declared = f'input_side_packet: "s"\n{text}'
    assert [finding for finding in judged(declared).findings if finding.code == "GV212"] == []


INT = node("CountingSourceCalculator", "} MAX_COUNT:n", "< c")
EITHER = node("SidePacketToStreamCalculator", "> TICK:in", "} s", "< AT_TICK:c")
POOL = "# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n"
OVER_HTTP = BORDER.format("HTTP_REQUEST_PAYLOAD:in", "HTTP_RESPONSE_PAYLOAD:out")


@pytest.mark.parametrize(
    ("text", "message", "phase"),
    [
        (
            BORDER.format("in", "out") + INT,
            'nobody supplies the side packet "n", and a request parameter cannot carry a int',
            Phase.CREATE,
        ),
        (
            POOL + BORDER.format("in", "out") + INT,
            'nobody supplies the side packet "n", and a request parameter cannot carry a int',
            Phase.LOAD,
        ),
        (
            POOL + BORDER.format("in", "out") + EITHER,
            'nobody supplies the side packet "s", since requests to a graph pool cannot carry side packets',
            Phase.LOAD,
        ),
        (
            OVER_HTTP + EITHER,
            'nobody supplies the side packet "s", since requests over /v3 carry no side packets',
            Phase.CREATE,
        ),
        (
            OVER_HTTP + INT,
            'nobody supplies the side packet "n", and a request parameter cannot carry a int',
            Phase.CREATE,
        ),
    ],
)
def test_why_nobody_supplies_a_side_packet(text: str, message: str, phase: Phase) -> None:
    [found] = [finding for finding in judged(text + THROUGH).findings if finding.code == "GV212"]
    assert (found.message, found.phase) == (message, phase)


def test_a_malformed_side_packet_is_not_looked_for() -> None:
    text = BORDER.format("in", "out") + THROUGH + node("OpenVINOInferenceCalculator", "> in", "< d", "} SESSION:No")
    assert "GV212" not in {finding.code for finding in judged(text).findings}


@pytest.mark.parametrize("whole", [False, True])
def test_what_a_node_that_dies_would_never_set_is_not_told(whole: bool) -> None:
    outputs = 'output_side_packet: "OTHER:x"' + (' output_side_packet: "number"' if whole else "")
    text = (
        'input_stream: "in" output_stream: "out" input_side_packet: "text"\n'
        f'node {{ calculator: "StringToIntCalculator" input_side_packet: "text" {outputs} }}\n'
        'node { calculator: "SidePacketToStreamCalculator" input_side_packet: "x" input_stream: "TICK:in" '
        'output_stream: "AT_TICK:out" }\n'
    )
    found = [finding.code for finding in judged(text).findings]
    assert found
    assert ("GV308" in found) is whole


def test_streams_that_do_not_fit_hide_no_side_packet_that_does_not() -> None:
    options = "[type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] { packet { int_value: 1 } }"
    text = (
        BORDER.format("IMAGE:in", "out")
        + node("PassThroughCalculator", "> in", "< out")
        + node("ImagePropertiesCalculator", "> IMAGE:in", "< SIZE:size")
        + node("ImagePropertiesCalculator", "> IMAGE:size", "< SIZE:more")
        + node("ConstantSidePacketCalculator", "{ PACKET:number", options=f"node_options {{ {options} }}")
        + node("StringToIntCalculator", "} number", "{ again")
    )
    assert {finding.code for finding in judged(text).findings} >= {"GV240", "GV241"}
