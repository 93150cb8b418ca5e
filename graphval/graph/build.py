"""From a bound document to a :class:`Graph`."""

from __future__ import annotations

from collections import Counter

from graphval.graph.directive import read_directive
from graphval.graph.model import Graph, Node
from graphval.graph.tagmap import read_tag_map
from graphval.textproto import BoundMessage, Document


def build_graph(name: str, document: Document, bound: BoundMessage) -> Graph:
    """The graph that ``bound`` (a ``mediapipe.CalculatorGraphConfig``) describes.

    Works on partly bound documents too: what could not be read is simply absent.
    """
    nodes = tuple(
        Node(
            position,
            node,
            inputs=read_tag_map(node.all("input_stream")),
            outputs=read_tag_map(node.all("output_stream")),
            input_side_packets=read_tag_map(node.all("input_side_packet")),
            output_side_packets=read_tag_map(node.all("output_side_packet")),
        )
        for position, node in enumerate(bound.messages("node"))
    )
    _number_repeated_names(nodes)
    return Graph(
        name,
        document,
        bound,
        read_directive(document.source),
        nodes,
        inputs=read_tag_map(bound.all("input_stream")),
        outputs=read_tag_map(bound.all("output_stream")),
        input_side_packets=read_tag_map(bound.all("input_side_packet")),
    )


def _number_repeated_names(nodes: tuple[Node, ...]) -> None:
    """Nodes that share a name are called ``name_1``, ``name_2`` … in text order.

    Source: MediaPipe ``framework/tool/name_util.cc`` ``CanonicalNodeName`` (fork of OVMS 2026.4).
    """
    if len(nodes) < 2 or len({node.canonical_name for node in nodes}) == len(nodes):
        return
    total = Counter(node.canonical_name for node in nodes)
    seen: Counter[str] = Counter()
    for node in nodes:
        shared = node.canonical_name
        if total[shared] > 1:
            seen[shared] += 1
            node.canonical_name = f"{shared}_{seen[shared]}"
