"""Signs that some mistake is possible in a graph, seen at a glance.

Most graphs show few of them or none. A rule about graphs that names some (``signs`` of
:class:`~graphval.rules.mechanism.Rule`) is asked only where one of them shows, and is imported only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphval.rules.graph_border import HTTP_INPUT

if TYPE_CHECKING:
    from graphval.rules.context import GraphContext

NO_BORDER = "no border"
"""The graph has no inputs or no outputs."""
UNSOUND_LIST = "unsound list"
"""MediaPipe could not build a tag map from some list of streams or side packets."""
NAME_TWICE = "name twice"
"""A stream has several producers, or several outputs of the graph have one name."""
UNMADE_STREAM = "unmade stream"
"""A node or an output of the graph reads a stream that nobody produces."""
UNREAD_STREAM = "unread stream"
"""Nobody reads an input of the graph or an output of a node."""
UNMADE_SIDE_PACKET = "unmade side packet"
"""A node reads a side packet that neither a node produces nor OVMS supplies."""
CIRCLE = "circle"
"""Nodes wait for each other."""
SEVERAL_NODES = "several nodes"
"""The graph has nodes that may be in each other's way."""
SPECIAL_TAG = "special tag"
"""A tag of an input or output of the graph begins as one for which OVMS may refuse the graph."""
OTHER_INPUT = "other input"
"""The graph has other inputs than the one to which requests over ``/v3`` go, or none."""

_SPECIAL_TAGS = ("REQUEST", "RESPONSE", "TFLITE_TENSOR")


def signs_of(context: GraphContext) -> frozenset[str]:
    """The signs that a graph shows."""
    graph, wiring = context.graph, context.wiring
    inputs, outputs = graph.inputs, graph.outputs
    made, read = wiring.producers.keys(), wiring.consumers.keys()
    found = []
    if not inputs or not outputs:
        found.append(NO_BORDER)
    if not graph.lists_sound:
        found.append(UNSOUND_LIST)
    if len(made) < sum(map(len, wiring.producers.values())):
        found.append(NAME_TWICE)
    if len(outputs) > 1 and len({connection.name for connection in outputs}) < len(outputs):
        found.append(NAME_TWICE)
    if not read <= made:
        found.append(UNMADE_STREAM)
    if not made <= read:
        found.append(UNREAD_STREAM)
    if wiring.side_consumers.keys() - wiring.side_producers.keys() - context.catalog.side_packets_provided:
        found.append(UNMADE_SIDE_PACKET)
    if wiring.cycles:
        found.append(CIRCLE)
    if len(graph.nodes) > 1:
        found.append(SEVERAL_NODES)
    found += [SPECIAL_TAG for connection in (*inputs, *outputs) if connection.text.startswith(_SPECIAL_TAGS)]
    if len(inputs) != 1 or inputs[0].name != HTTP_INPUT:
        found.append(OTHER_INPUT)
    return frozenset(found)
