"""From a bound document to a :class:`Graph`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graphval.graph.directive import read_directive
from graphval.graph.model import Graph, Node
from graphval.graph.tagmap import read_tag_map
from graphval.textproto import BoundMessage, Document


def build_graph(name: str, document: Document, bound: BoundMessage) -> Graph:
    """The graph that ``bound`` (a ``mediapipe.CalculatorGraphConfig``) describes.

    Works on partly bound documents too: what could not be read is simply absent.
    """
    nodes = [
        Node(
            position,
            node,
            inputs=read_tag_map(node, "input_stream"),
            outputs=read_tag_map(node, "output_stream"),
            input_side_packets=read_tag_map(node, "input_side_packet"),
            output_side_packets=read_tag_map(node, "output_side_packet"),
        )
        for position, node in enumerate(bound.messages("node"))
    ]
    if len(nodes) > 1:
        for node, canonical_name in zip(nodes, numbered_names(nodes), strict=True):
            node.canonical_name = canonical_name
    return Graph(
        name,
        document,
        bound,
        read_directive(document.source),
        tuple(nodes),
        inputs=read_tag_map(bound, "input_stream"),
        outputs=read_tag_map(bound, "output_stream"),
        input_side_packets=read_tag_map(bound, "input_side_packet"),
    )


def numbered_names(nodes: Sequence[Node]) -> list[str]:
    """What MediaPipe calls nodes that stand in one graph: those that share a name are ``name_1``, ``name_2`` … in text
    order.

    Source: MediaPipe ``framework/tool/name_util.cc`` ``CanonicalNodeName`` (fork of OVMS 2026.4).
    """
    own = [node.name or node.calculator for node in nodes]
    if len(set(own)) == len(own):
        return own
    total = Counter(own)
    seen: Counter[str] = Counter()
    names = []
    for name in own:
        seen[name] += 1
        names.append(f"{name}_{seen[name]}" if total[name] > 1 else name)
    return names
