"""One of our nodes alone, without a framework around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from graphval.catalog import load as load_catalog
from graphval.graph import build_graph, graph_schema
from graphval.rehearsal.models import Models
from graphval.rehearsal.nodes.interface import Call, Factory, Surroundings
from graphval.rehearsal.packets import OV_TENSORS, Handles
from graphval.textproto import Source, bind, parse


def emitted_by(
    factory: Factory, text: str, tensors: list[np.ndarray], side_packets: Mapping[str, Any] | None = None
) -> Any:
    """What a node puts out for one vector of tensors."""
    document = parse(Source("graph.pbtxt", text))
    bound, problems = bind(document, graph_schema(load_catalog(None)))
    assert not problems
    handles = Handles()
    node = factory(
        build_graph("g", document, bound).nodes[0], Surroundings("g", handles, dict(side_packets or {}), Models())
    )
    node.open()
    emitted: list[Any] = []
    packet = handles.make(OV_TENSORS, tensors)
    node.process(Call(0, {("TENSORS", 0): packet}, lambda port, made, timestamp: emitted.append(made)))
    return emitted[0]


def node_of(calculator: str, tag: str, options: str, extra: str = "") -> str:
    """A graph of one node from a vector of tensors to ``tag``; ``extra`` are further fields of the node."""
    return f"""
    input_stream: "TENSORS:t"
    output_stream: "{tag}:c"
    node {{
      calculator: "{calculator}" input_stream: "TENSORS:t" output_stream: "{tag}:c" {extra}
      node_options: {{ [type.googleapis.com/mediapipe.{calculator}Options]: {{ {options} }} }}
    }}
    """
