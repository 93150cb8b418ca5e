"""Nodes that let nothing through, or not the first packet, and the graph outputs that stay empty for it."""

from __future__ import annotations

import pytest

from graphval.findings import Severity

from .judging import judged
from .test_flow import node
from .test_limits import pointed

HEAD = 'input_stream: "in"\ninput_stream: "more"\noutput_stream: "out"\n'
GATE, LIMITER, SHIFT = "GateCalculator", "FlowLimiterCalculator", "SequenceShiftCalculator"


def options(name: str, text: str) -> str:
    return f"node_options {{ [type.googleapis.com/mediapipe.{name}Options] {{ {text} }} }}"


def told(nodes: str) -> list[tuple[str, str, Severity]]:
    """Message, place and severity of each finding."""
    text = HEAD + nodes
    found = [finding for finding in judged(text).findings if finding.code == "GV316"]
    return [(f.message, pointed(text, f), f.severity) for f in found]


def container(choice: str, held: int, *connections: str) -> str:
    """A container of nodes that hand on."""
    inside = 'contained_node { calculator: "PassThroughCalculator" } ' * held
    return node("SwitchContainer", "> in", "< out", *connections, options=options("SwitchContainer", inside + choice))


ON = node(
    "ConstantSidePacketCalculator",
    "{ PACKET:on",
    options=options("ConstantSidePacketCalculator", "packet { bool_value: true }"),
)
SHUT = "the gate is shut for ever: nothing controls it, and its option allow is not true"
LATE = "with packet_offset {} the first packet is not emitted"
CASES: dict[str, tuple[str, tuple[str, str] | None]] = {
    "a gate without control": (node(GATE, "> in", "< out"), (SHUT, f'"{GATE}"')),
    "a gate with other options": (
        node(GATE, "> in", "< out", options=options(GATE, "empty_packets_as_allow: true")),
        (SHUT, "{ empty_packets_as_allow: true }"),
    ),
    "a gate told to be shut": (
        node(GATE, "> in", "< out", options=options(GATE, "allow: false")),
        (SHUT, "false"),
    ),
    "a gate told to be open": (node(GATE, "> in", "< out", options=options(GATE, "allow: true")), None),
    "a gate that a stream opens": (node(GATE, "> in", "> ALLOW:more", "< out"), None),
    "a gate that a stream shuts": (node(GATE, "> in", "> DISALLOW:more", "< out"), None),
    "a gate that a side packet opens": (node(GATE, "> in", "} ALLOW:a", "< out"), None),
    "a gate that a side packet shuts": (node(GATE, "> in", "} DISALLOW:a", "< out"), None),
    "a gate that a constant opens": (node(GATE, "> in", "} ALLOW:on", "< out") + ON, None),
    "a gate that a constant shuts": (
        node(GATE, "> in", "} DISALLOW:on", "< out") + ON,
        ("the gate is shut for ever: DISALLOW is always true", '"DISALLOW:on"'),
    ),
    "a gate that a constant keeps shut": (
        node(GATE, "> in", "} ALLOW:on", "< out") + ON.replace("true", "false"),
        ("the gate is shut for ever: ALLOW is always false", '"ALLOW:on"'),
    ),
    "a gate that a stream of a constant keeps shut": (
        node(GATE, "> in", "> DISALLOW:always", "< out")
        + ON
        + node("SidePacketToStreamCalculator", "> TICK:in", "} on", "< AT_TICK:always"),
        ("the gate is shut for ever: DISALLOW is always true", '"DISALLOW:always"'),
    ),
    "a gate with a constant of another type": (
        node(GATE, "> in", "} ALLOW:on", "< out") + ON.replace("bool_value: true", "int_value: 0"),
        None,
    ),
    "a container that chooses what it has": (container("enable: true", 2), None),
    "a container that chooses by itself": (container("", 1), None),
    "a container that chooses the second of one": (
        container("enable: true", 1),
        ("enable true chooses node 1, but the last node is 0", "true"),
    ),
    "a container that chooses none": (
        container("select: -1", 2),
        ("select -1 chooses node -1, but the last node is 1", "-1"),
    ),
    "a container that is told": (container("select: 3", 2, "> SELECT:more"), None),
    "a limit of none": (
        node(LIMITER, "> in", "> FINISHED:more", "< out", options=options(LIMITER, "max_in_flight: 0")),
        ("max_in_flight 0 lets no packet through", "0"),
    ),
    "a limit of one": (
        node(LIMITER, "> in", "> FINISHED:more", "< out", options=options(LIMITER, "max_in_flight: 1")),
        None,
    ),
    "the limit by default": (node(LIMITER, "> in", "> FINISHED:more", "< out"), None),
    "a limit that a side packet sets": (
        node(
            LIMITER,
            "> in",
            "> FINISHED:more",
            "} MAX_IN_FLIGHT:m",
            "< out",
            options=options(LIMITER, "max_in_flight: 0"),
        ),
        None,
    ),
    "options that a side packet sets": (
        node(LIMITER, "> in", "> FINISHED:more", "} OPTIONS:o", "< out", options=options(LIMITER, "max_in_flight: 0")),
        None,
    ),
    "shifted by default": (node(SHIFT, "> in", "< out"), (LATE.format("-1, the default,"), f'"{SHIFT}"')),
    "shifted back": (
        node(SHIFT, "> in", "< out", options=options(SHIFT, "packet_offset: -2")),
        (LATE.format("-2"), "-2"),
    ),
    "not shifted": (node(SHIFT, "> in", "< out", options=options(SHIFT, "packet_offset: 0")), None),
    "shifted on": (node(SHIFT, "> in", "< out", options=options(SHIFT, "packet_offset: 1")), (LATE.format("1"), "1")),
    "shifted by a side packet": (node(SHIFT, "> in", "} PACKET_OFFSET:p", "< out"), None),
    "the packet of before": (
        node("PreviousLoopbackCalculator", "> MAIN:in", "> LOOP:more", "< PREV_LOOP:out"),
        ("PREV_LOOP has nothing to go with the first packet", '"PreviousLoopbackCalculator"'),
    ),
}


@pytest.mark.parametrize(("text", "found"), CASES.values(), ids=CASES)
def test_what_lets_nothing_through(text: str, found: tuple[str, str] | None) -> None:
    severity = Severity.WARNING if found is not None and "first packet" in found[0] else Severity.ERROR
    assert told(text) == ([(*found, severity)] if found is not None else [])


THROUGH = "PassThroughCalculator"
WAYS = {
    "through another node": (node(GATE, "> in", "< a") + node(THROUGH, "> a", "< out"), True),
    "through two": (
        node(GATE, "> in", "< a") + node(THROUGH, "> a", "< b") + node(THROUGH, "> b", "< out"),
        True,
    ),
    "through one that has another input": (
        node(GATE, "> in", "< a") + node(THROUGH, "> a", "> more", "< x", "< out"),
        False,
    ),
    "to nobody": (node(GATE, "> in", "< a") + node(THROUGH, "> in", "< out"), False),
    "one of two ways": (
        node(GATE, "> in", "< a") + node(THROUGH, "> a", "> more", "< x", "< y") + node(THROUGH, "> a", "< out"),
        True,
    ),
    "past a circle": (
        node(GATE, "> in", "< a")
        + node(THROUGH, "> a", "> b", "< b", "< c", options='input_stream_info { tag_index: ":1" back_edge: true }')
        + node(THROUGH, "> in", "< out"),
        False,
    ),
    "with a wrong tag beside it": (node(GATE, "> in", "> ALOW:more", "< out"), False),
    "with options of two kinds": (
        node(GATE, "> in", "< out", options=options(GATE, "") + options(SHIFT, "")),
        False,
    ),
}


@pytest.mark.parametrize(("text", "found"), WAYS.values(), ids=WAYS)
def test_which_outputs_stay_empty(text: str, found: bool) -> None:
    assert [message for message, _, _ in told(text)] == ([SHUT] if found else [])
