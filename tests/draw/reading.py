"""Pictures from texts."""

from __future__ import annotations

from typing import Any

from graphval.catalog import load
from graphval.draw import Picture, build_picture
from graphval.graph import Graph, build_graph, graph_schema
from graphval.textproto import Source, bind, parse

CATALOG = load(None)

LOOP = """
input_stream: "OVTENSOR:level"
output_stream: "OVTENSOR:smoothed"
node {
  name: "remember"
  calculator: "PreviousLoopbackCalculator"
  input_stream: "MAIN:level"
  input_stream: "LOOP:smoothed"
  input_stream_info { tag_index: "LOOP" back_edge: true }
  output_stream: "PREV_LOOP:previous"
}
node {
  calculator: "OpenVINOModelServerSessionCalculator"
  output_side_packet: "SESSION:session"
  node_options {
    [type.googleapis.com/mediapipe.OpenVINOModelServerSessionCalculatorOptions] { servable_name: "blend" }
  }
}
node {
  calculator: "OpenVINOInferenceCalculator"
  input_side_packet: "SESSION:session"
  input_stream: "NOW:level"
  input_stream: "BEFORE:previous"
  output_stream: "SMOOTHED:smoothed"
}
"""


def read(text: str, name: str = "g") -> Graph:
    """A graph from its text, whatever is wrong with it."""
    document = parse(Source("graph.pbtxt", text))
    bound, _ = bind(document, graph_schema(CATALOG))
    return build_graph(name, document, bound)


def picture(text: str, **more: Any) -> Picture:
    return build_picture(read(text), is_subgraph=CATALOG.subgraphs.__contains__, **more)
