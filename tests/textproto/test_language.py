"""Tables: what is taken, what is refused, and where each mistake is said to be."""

from __future__ import annotations

import pytest

from graphval.graph import graph_schema
from graphval.textproto import Problem, bind, decode, parse

from .language import ACCEPTED, REFUSED
from .reference import CATALOG, ours


def problems(text: str | bytes) -> list[Problem]:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    source, found = decode(data, "graph.pbtxt")
    document = parse(source)
    _, misfits = bind(document, graph_schema(CATALOG))
    return [*found, *document.problems, *misfits]


def places(text: str) -> list[tuple[str, int, int]]:
    """Kind, line and column of each problem."""
    source, _ = decode(text.encode("utf-8", "surrogateescape"), "graph.pbtxt")
    return [(p.kind, *source.position(p.start)) for p in problems(text)]


@pytest.mark.parametrize("text", ACCEPTED, ids=ascii)
def test_taken(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_refused(text: str) -> None:
    found = problems(text)
    assert found
    assert not ours(text.encode("utf-8", "surrogateescape")).accepted
    assert all(0 <= p.start <= p.end <= len(text) and p.message and not p.message.endswith(".") for p in found)
