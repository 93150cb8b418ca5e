"""MediaPipe's graph as typed objects, every one of which knows its place in the text, and its resolved wiring.

Facts of the file only: nothing here judges. What a calculator accepts comes from the catalog, what is wrong is said by
the rules.
"""

from graphval.graph.build import build_graph, numbered_names
from graphval.graph.contained import (
    CHOOSING,
    MOST_CONNECTIONS,
    connections_of,
    contained_nodes,
    contained_pairs,
    holds_nodes,
    is_container,
)
from graphval.graph.language import graph_schema
from graphval.graph.model import Executor, Graph, Handler, Node, StreamInfo
from graphval.graph.tagmap import Connection, TagMap
from graphval.graph.wiring import Endpoint, Wiring, resolve

__all__ = [
    "CHOOSING",
    "MOST_CONNECTIONS",
    "Connection",
    "Endpoint",
    "Executor",
    "Graph",
    "Handler",
    "Node",
    "StreamInfo",
    "TagMap",
    "Wiring",
    "build_graph",
    "connections_of",
    "contained_nodes",
    "contained_pairs",
    "graph_schema",
    "holds_nodes",
    "is_container",
    "numbered_names",
    "resolve",
]
