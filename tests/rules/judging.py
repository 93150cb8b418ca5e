"""A text in, what the rules say out."""

from __future__ import annotations

from pathlib import Path

from graphval.catalog import load as load_catalog
from graphval.deployment.model import Deployment, GraphEntry, Kind, Listed
from graphval.findings import Finding, Severity
from graphval.rules.context import GraphContext
from graphval.rules.run import JudgedGraph, judge
from graphval.textproto import Source


def judged(text: str, *, release: str | None = None, no_models: bool = False) -> JudgedGraph:
    """What the files tell about a graph of this text, served alone."""
    file = Path("graph.pbtxt")
    entry = GraphEntry("g", str(file), str(file), ".", Listed.ALONE, Source(str(file), text))
    deployment = Deployment(Kind.FILE, str(file), "g", (entry,))
    [graph] = judge(deployment, load_catalog(release), no_models=no_models).graphs
    return graph


def context(text: str, *, release: str | None = None) -> GraphContext:
    """The context that rules get, of a text without mistakes in its syntax."""
    found = judged(text, release=release).context
    assert found is not None
    return found


def errors(text: str) -> list[Finding]:
    return [finding for finding in judged(text).findings if finding.severity is Severity.ERROR]
