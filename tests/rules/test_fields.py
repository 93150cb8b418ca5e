"""Fields of graphs and nodes that nobody reads, each by its name."""

from __future__ import annotations

import pytest

from .judging import judged
from .test_limits import ECHO, told

CASES = {
    "output_stream_handler": ("graph", 'output_stream_handler { output_stream_handler: "InOrderOutputStreamHandler" }'),
    "packet_factory": ("graph", 'packet_factory { packet_factory: "F" output_side_packet: "p" }'),
    "output_side_packet": ("graph", 'output_side_packet: "p"'),
    "external_input": ("node", 'external_input: "p"'),
    "profiler_config": ("node", "profiler_config { enable_profiler: true }"),
}


@pytest.mark.parametrize("name", CASES)
def test_fields_that_are_never_read(name: str) -> None:
    owner, line = CASES[name]
    text = f"{ECHO}{line}\n" if owner == "graph" else ECHO.replace("node { ", f"node {{ {line} ")
    assert told(text, "GV221") == [(name, f"{name} of a {owner} is never read")]


def test_a_field_of_the_graph_may_be_read_in_a_node_and_the_other_way_round() -> None:
    of_node = ECHO.replace(
        "node { ", 'node { output_stream_handler { output_stream_handler: "X" } output_side_packet: "p" '
    )
    of_graph = f"{ECHO}profiler_config {{ enable_profiler: true }}\n"
    assert told(of_node, "GV221") == told(of_graph, "GV221") == []


def test_each_is_told_of() -> None:
    node = 'node { calculator: "PassThroughCalculator" external_input: "p" external_input: "q" }\n'
    found = [f for f in judged(ECHO + node + 'output_side_packet: "r"\n').findings if f.code == "GV221"]
    assert [f.location.line for f in found] == [4, 4, 5]
    assert [f.node for f in found] == ["PassThroughCalculator", "PassThroughCalculator", None]
