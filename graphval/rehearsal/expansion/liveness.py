"""Which streams are over once the graph's inputs are closed and nothing runs any more.

OVMS reads one packet from each graph output after that, without a time limit: a stream that holds no packet and is not
over keeps the request for ever. The framework does not tell when a stream is over, so it is derived from the wiring.
Sources: ``mediapipe/framework/calculator_node.cc``, ``scheduler.cc`` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from graphval.graph import Graph, Node, Wiring

# These close their outputs themselves once their forward inputs are over, under the handler they ask for.
_CLOSE_THEMSELVES = frozenset({"PreviousLoopbackCalculator", "FlowLimiterCalculator"})


def settled_streams(graph: Graph, wiring: Wiring) -> set[str]:
    """The names of all streams that will be over."""
    over = {connection.name for connection in graph.inputs}
    pending = list(graph.nodes)
    while True:
        ended = [node for node in pending if _ends(graph, wiring, node, over)]
        if not ended:
            return over
        pending = [node for node in pending if node not in ended]
        over |= {connection.name for node in ended for connection in node.outputs}


def _ends(graph: Graph, wiring: Wiring, node: Node, over: set[str]) -> bool:
    if node.max_in_flight < 0:
        return False
    awaited = list(node.inputs)
    handler = graph.effective_handler(node)
    settles_alone = handler is None or handler.name in ("ImmediateInputStreamHandler", "SyncSetInputStreamHandler")
    if node.registered_as in _CLOSE_THEMSELVES and settles_alone:
        awaited = [c for c in awaited if not wiring.is_back_edge(node, c)]
    return all(connection.name in over for connection in awaited)
