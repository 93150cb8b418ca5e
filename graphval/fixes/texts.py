"""Mending one text: the edits that make it better, and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from graphval.catalog import Catalog
from graphval.deployment.json_text import read_json
from graphval.findings import Finding
from graphval.fixes.edits import apart, apply, fix_of
from graphval.graph import graph_schema
from graphval.textproto import Fix, Problem, Source, bind, parse

Faults = tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]
"""What is wrong with a text by kind and message: its syntax, and where that is sound, the names and values in it."""


def mended(source: Source, findings: Iterable[Finding], faults: Callable[[Source], Faults]) -> tuple[str, int]:
    """The text after the edits of ``findings``, and how many of these were mended.

    Whatever an edit promises: it is kept only where the reader's complaints about the text become no more by it and no
    other one comes up.
    """
    groups = list(apart([fix_of(source, edit) for edit in finding.edits] for finding in findings))
    before = faults(source)

    def better(kept: Sequence[Sequence[Fix]]) -> bool:
        text = apply(source.text, (fix for group in kept for fix in group))
        return text != source.text and _no_worse(before, faults(Source(source.file, text)))

    if groups and not better(groups):
        # Some of them make it worse: each is tried by itself.
        chosen: list[Sequence[Fix]] = []
        for group in groups:
            if better([*chosen, group]):
                chosen.append(group)
        groups = chosen
    return apply(source.text, (fix for group in groups for fix in group)), len(groups)


def _no_worse(before: Faults, after: Faults) -> bool:
    syntax, meaning = before
    if syntax:
        # What a sound syntax then shows was there before, unseen.
        return not after[0] - syntax and after[0].total() < syntax.total()
    return not after[0] and not after[1] - meaning


def graph_faults(catalog: Catalog) -> Callable[[Source], Faults]:
    """What protobuf has against the text of a graph."""

    def faults(source: Source) -> Faults:
        document = parse(source)
        if document.problems:
            return _counted(document.problems), Counter()
        return Counter(), _counted(bind(document, graph_schema(catalog))[1])

    return faults


def json_faults(source: Source) -> Faults:
    """What RapidJSON has against a text."""
    return _counted(read_json(source).problems), Counter()


def _counted(problems: Iterable[Problem]) -> Counter[tuple[str, str]]:
    return Counter((problem.kind, problem.message) for problem in problems)
