"""Graphs read from texts, as the diagnosis gets them."""

from __future__ import annotations

from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment.model import Deployment, GraphEntry, Kind, Listed
from graphval.diagnosis.load import Subject
from graphval.findings import Span
from graphval.graph import Graph
from graphval.rules.run import judge
from graphval.textproto import Source

PLACE = Span("config.json", 1, 1, 1, 1)


def entry(text: str, name: str = "g") -> GraphEntry:
    file = Path(f"{name}.pbtxt")
    return GraphEntry(name, str(file), str(file), ".", Listed.ALONE, Source(str(file), text))


def read(text: str, name: str = "g") -> Graph | None:
    """The graph, or ``None`` where the text breaks its syntax."""
    found = entry(text, name)
    deployment = Deployment(Kind.FILE, found.file_as_text, name, (found,))
    [judged] = judge(deployment, load_catalog(None), no_models=True).graphs
    return judged.graph


def graph_of(text: str, name: str = "g") -> Graph:
    graph = read(text, name)
    assert graph is not None
    return graph


def subject(text: str, name: str = "g") -> Subject:
    return Subject(entry(text, name), read(text, name))
