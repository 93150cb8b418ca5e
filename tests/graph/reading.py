"""From a text to a graph, as the rules get it."""

from __future__ import annotations

from graphval.catalog import load
from graphval.graph import Graph, TagMap, build_graph, graph_schema
from graphval.textproto import Source, bind, parse

CATALOG = load()


def read(text: str) -> Graph:
    """The graph of a text, whatever is wrong with it."""
    document = parse(Source("graph.pbtxt", text))
    bound, _ = bind(document, graph_schema(CATALOG))
    return build_graph("g", document, bound)


def inputs(*entries: str) -> TagMap:
    """The tag map of a node with these inputs."""
    lines = "".join(f'  input_stream: "{entry}"\n' for entry in entries)
    return read(f'node {{\n  calculator: "C"\n{lines}}}').nodes[0].inputs


def node(name: str, **lists: str) -> str:
    """A node; each list is given as words, such as ``input_stream="a b"``."""
    lines = [f'name: "{name}"', 'calculator: "PassThroughCalculator"']
    lines += [f'{field}: "{entry}"' for field, entries in lists.items() for entry in entries.split()]
    return f"node {{ {' '.join(lines)} }}\n"
