"""Words of a server that speak of a graph's own inputs and outputs."""

from __future__ import annotations

import re

from graphval.diagnosis.places import Blame, entry_in, first_of, of_node
from graphval.graph import Graph, Node

_BORDER_PREFIXES = {
    "mediapipe::ImageFrame": "IMAGE",
    "ov::Tensor": "OVTENSOR",
    "mediapipe::Tensor": "TENSOR",
    "tensorflow::Tensor": "TFTENSOR",
    "ovms::PyObjectWrapper<pybind11::object>": "OVMS_PY_TENSOR",
}


def wrong_packet(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """A packet read as another type: the border entry of that type, or the control stream of a Mux handler."""
    if found["want"] == "int":
        by_mux = (n for n in graph.nodes if _reads_by_mux(n))
        return of_node(next(by_mux, None))
    prefix = _BORDER_PREFIXES.get(found["want"])
    outputs = [c for c in graph.outputs if prefix is not None and c.text.startswith(prefix)]
    return Blame(outputs[0].place, None) if len(outputs) == 1 else None


def _reads_by_mux(node: Node) -> bool:
    written = node.handler is not None and node.handler.name == "MuxInputStreamHandler"
    return written or node.registered_as == "MuxCalculator"


def graph_output(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """The output of the graph that the message names."""
    return entry_in([graph.outputs], found["stream"], graph)


def graph_input(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """The input of the graph that the message names, else its first one."""
    return entry_in([graph.inputs], found["stream"], graph) or first_of(graph.inputs)


def border_text(graph: Graph, found: re.Match[str], _: str) -> Blame | None:
    """A border stream as written; of several the last, which is the one that came too late."""
    lists = graph.outputs if found["kind"].startswith("output") else graph.inputs
    entries = [c for c in lists if c.text == found["stream"]]
    return Blame(entries[-1].place, None) if entries else None


def border_tag(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    """The border of a pass-through graph is at fault: the entry that asks for passing through."""
    for prefix in ("REQUEST", "RESPONSE"):
        for connection in (*graph.inputs, *graph.outputs):
            if connection.text.startswith(prefix):
                return Blame(connection.place, None)
    return None


def tflite_border(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    """The first entry of the border that asks for a TFLite tensor."""
    for connection in (*graph.inputs, *graph.outputs):
        if connection.text.startswith("TFLITE_TENSOR"):
            return Blame(connection.place, None)
    return None


def missing_border(graph: Graph, _: re.Match[str], __: str) -> Blame | None:
    """A graph without inputs or outputs: the top-level field above which the missing declaration would stand."""
    fields = sorted(graph.bound.fields, key=lambda field: field.start)
    if list(graph.inputs):
        last = max((n for n, field in enumerate(fields) if field.name == "input_stream"), default=-1)
        fields = fields[last + 1 :]
    return Blame(fields[0].name_place if fields else graph.start, None)
