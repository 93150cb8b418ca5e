"""What most probably keeps a graph from answering. A server that hangs says nothing, so the graph is looked at.

A negative ``max_in_flight`` holds the node back for ever; a loop whose reader waits for the packet that only its own
output can bring never begins; a handler that waits for all streams waits for the one that gets nothing. Servers were
seen to do so (OVMS 2026.4).
"""

from __future__ import annotations

from graphval.diagnosis.places import Blame
from graphval.graph import Graph

_WAITS_FOR_NONE = frozenset(
    {"ImmediateInputStreamHandler", "EarlyCloseInputStreamHandler", "SyncSetInputStreamHandler"}
)
"""Handlers under which a node runs with what has come."""


def suspect(graph: Graph) -> Blame:
    """The part of the graph that most probably never ends; the graph as a whole where nothing stands out."""
    return never_begins(graph) or user_code(graph) or Blame(graph.start, None, sure=False)


def never_begins(graph: Graph) -> Blame | None:
    """What keeps a graph from answering, whatever it is asked."""
    for node in graph.nodes:
        if node.max_in_flight < 0:
            return Blame(node.bound.place_of("max_in_flight"), node)
    loops = [node for node in graph.nodes if any(info.back_edge for info in node.stream_infos)]
    for node in (*loops, *graph.nodes):
        if node.handler is not None and node.handler.name not in _WAITS_FOR_NONE:
            return Blame(node.handler.bound.place, node)
    if graph.handler is not None and loops:
        return Blame(graph.handler.bound.place, None)
    for node in loops:
        if node.handler is None:
            return Blame(next(info for info in node.stream_infos if info.back_edge).place, node)
    return None


def user_code(graph: Graph) -> Blame | None:
    """The only node that runs for as long as it likes, and may die without a word."""
    python = [node for node in graph.nodes if node.calculator == "PythonExecutorCalculator"]
    return Blame(python[0].calculator_place, python[0]) if len(python) == 1 else None
