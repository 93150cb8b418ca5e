"""Graphs read from texts, as the diagnosis gets them."""

from __future__ import annotations

from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment.model import Deployment, GraphEntry, Kind, Listed
from graphval.diagnosis.load import Subject
from graphval.findings import Span
from graphval.graph import Graph, build_graph
from graphval.rules.context import DeploymentContext, GraphContext
from graphval.textproto import Source, bind, parse

PLACE = Span("config.json", 1, 1, 1, 1)


def entry(text: str, name: str = "g") -> GraphEntry:
    file = Path(f"{name}.pbtxt")
    return GraphEntry(name, file, str(file), Path(), Listed.ALONE, Source(str(file), text))


def read(text: str, name: str = "g") -> Graph | None:
    """The graph, or ``None`` where the text breaks its syntax."""
    source = entry(text, name).source
    assert source is not None
    document = parse(source)
    if document.problems:
        return None
    catalog = load_catalog(None)
    bound, _ = bind(document, catalog.graph_config, catalog.pool, known_types=lambda: catalog.options_messages)
    return build_graph(name, document, bound)


def graph_of(text: str, name: str = "g") -> Graph:
    graph = read(text, name)
    assert graph is not None
    return graph


def context_of(graph: Graph, text: str) -> GraphContext:
    found = entry(text, graph.name)
    deployment = Deployment(Kind.FILE, found.file, graph.name, (found,))
    return GraphContext(DeploymentContext(deployment, load_catalog(None), no_models=True), found, graph)


def subject(text: str, name: str = "g") -> Subject:
    return Subject(entry(text, name), read(text, name))
