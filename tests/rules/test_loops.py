"""Loops that never turn: whose back edge is waited for together with what comes before it."""

from __future__ import annotations

import pytest

from .judging import judged
from .test_flow import BORDER, node

SET = "[mediapipe.SyncSetInputStreamHandlerOptions.ext]"


def handler(name: str, *sets: str) -> str:
    written = " ".join(
        "sync_set { " + " ".join(f'tag_index: "{entry}"' for entry in one.split()) + " }" for one in sets
    )
    options = f"options {{ {SET} {{ {written} }} }}" if sets else ""
    return f'input_stream_handler {{ input_stream_handler: "{name}" {options} }} '


def back(*entries: str) -> str:
    return "".join(f'input_stream_info {{ tag_index: "{entry}" back_edge: true }} ' for entry in entries)


def told(text: str) -> list[str]:
    return [finding.message for finding in judged(text).findings if finding.code == "GV513"]


HEAD = BORDER.format("in", "out")
WAITS = '"PassThroughCalculator" waits for {}, which comes only after it has run'


def loop(options: str) -> str:
    """A node that gets its second output back as its second input."""
    return HEAD + node("PassThroughCalculator", "> in", "> again", "< out", "< again", options=back(":1") + options)


@pytest.mark.parametrize(
    ("written", "hangs"),
    [
        ("", True),
        (handler("DefaultInputStreamHandler"), True),
        (handler("FixedSizeInputStreamHandler"), True),
        (handler("BarrierInputStreamHandler"), True),
        (handler("EarlyCloseInputStreamHandler"), True),
        (handler("InputStreamHandler"), False),  # none is called so
        (handler("ImmediateInputStreamHandler"), False),
        (handler("MuxInputStreamHandler"), False),
        (handler("NoSuchHandler"), False),
        (handler("SyncSetInputStreamHandler"), True),
        (handler("SyncSetInputStreamHandler", ":1"), False),
        (handler("SyncSetInputStreamHandler", ":0"), False),
        (handler("SyncSetInputStreamHandler", ":0", ":1"), False),
        (handler("SyncSetInputStreamHandler", ":0 :1"), True),
        (handler("SyncSetInputStreamHandler", ":0 :1", ":7"), False),  # a handler that cannot be built
        (handler("SyncSetInputStreamHandler", ":0 :1", ":0"), False),
        (handler("SyncSetInputStreamHandler", ":0 :1", ""), False),
    ],
)
def test_handlers_that_wait_for_the_back_edge(written: str, hangs: bool) -> None:
    assert told(loop(written)) == ([WAITS.format(":1")] if hangs else [])


def test_other_back_edges_are_not_waited_for() -> None:
    both = handler("SyncSetInputStreamHandler", ":1 :2")
    text = node("PassThroughCalculator", "> in", "> b", "> c", "< out", "< b", "< c", options=back(":1", ":2") + both)
    assert told(HEAD + text) == []


def test_a_node_is_told_of_once() -> None:
    text = node("PassThroughCalculator", "> in", "> b", "> c", "< out", "< b", "< c", options=back(":2", ":1"))
    assert told(HEAD + text) == [WAITS.format(":1")]


def test_each_node_is_looked_at() -> None:
    first = node("PassThroughCalculator", "> in", "> b", "< x", "< b", options=back(":1") + 'name: "first"')
    fine = node(
        "PassThroughCalculator",
        "> x",
        "> c",
        "< y",
        "< c",
        options=back(":1") + handler("SyncSetInputStreamHandler", ":1"),
    )
    last = node("PassThroughCalculator", "> y", "> d", "< out", "< d", options=back(":1") + 'name: "last"')
    assert told(HEAD + first + fine + last) == [
        f'"{name}" waits for :1, which comes only after it has run' for name in ("first", "last")
    ]


THROUGH = "PassThroughCalculator"
WAYS = {
    "through another": (node(THROUGH, "> one", "< again"), True),
    "through two": (node(THROUGH, "> one", "< two") + node(THROUGH, "> two", "< again"), True),
    "through one of two ways": (node(THROUGH, "> in", "> one", "< x", "< again"), True),
    "past a circle without it": (
        node(THROUGH, "> one", "> round", "< again", "< x") + node(THROUGH, "> x", "< round", options=back(":0")),
        True,
    ),
    "around a circle without it": (
        node(THROUGH, "> in", "> round", "< again", "< x") + node(THROUGH, "> x", "< round", options=back(":0")),
        False,
    ),
    "from the graph's input": (node(THROUGH, "> in", "< again"), False),
    "from nobody": ("", False),
}


@pytest.mark.parametrize(("others", "hangs"), WAYS.values(), ids=WAYS)
def test_where_the_back_edge_comes_from(others: str, hangs: bool) -> None:
    text = HEAD + node(THROUGH, "> in", "> again", "< out", "< one", options=back(":1") + 'name: "a"') + others
    assert ('"a" waits for :1, which comes only after it has run' in told(text)) is hangs


@pytest.mark.parametrize(
    ("calculator", "connections"),
    [
        ("Homemade", ("> in", "> again", "< out", "< again")),
        ("SwitchContainer", ("> in", "> again", "< out", "< again")),
        ("FlowLimiterCalculator", ("> in", "> FINISHED:again", "< again")),
    ],
)
def test_nodes_that_wait_otherwise(calculator: str, connections: tuple[str, ...]) -> None:
    info = back("FINISHED" if "> FINISHED:again" in connections else ":1")
    assert told(HEAD + node(calculator, *connections, options=info)) == []


def test_the_handler_of_the_graph_is_shown() -> None:
    own = judged(loop(handler("DefaultInputStreamHandler")))
    graphs = judged(handler("DefaultInputStreamHandler") + "\n" + loop(""))
    [of_node], [of_graph] = ([f for f in graph.findings if f.code == "GV513"] for graph in (own, graphs))
    assert of_node.related == ()
    assert [near.message for near in of_graph.related] == ["the handler of the graph is put on every node"]
    assert of_graph.help.endswith('sync_set { tag_index: ":1" }')


def needless(text: str) -> list[str]:
    return [finding.message for finding in judged(text).findings if finding.code == "GV215"]


APART = back(":1") + handler("ImmediateInputStreamHandler")
SELF = node("PassThroughCalculator", "> x", "> l", "< y", "< l", options=APART)
SAID = 'the stream "{}" is declared as a back edge but does not come back'
TURNING = node("PassThroughCalculator", "> in", "> t", "< out", "< x", options=APART)
NEEDLESS = node("PassThroughCalculator", "> s", "< x", options=back(""))


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        ("", []),
        (node("PassThroughCalculator", "> in", "< out", options=back("")), [SAID.format("in")]),
        (
            node("PassThroughCalculator", "> in", "< s") + NEEDLESS + SELF,
            [SAID.format("s")],
        ),
        (
            node("HandLandmarksToRoi", "> LANDMARKS:in", "< ROI:roi", options=back("LANDMARKS"))
            + node("PassThroughCalculator", "> in", "< out", options=back("")),
            [SAID.format("in")],
        ),
        (TURNING + node("PassThroughCalculator", "> x", "< t") + SELF, []),
        (TURNING + node("PassThroughCalculator", "> x", "< z") + node("PassThroughCalculator", "> z", "< t"), []),
    ],
)
def test_back_edges_that_come_back_or_not(text: str, told_of: list[str]) -> None:
    assert needless(HEAD + text) == told_of
