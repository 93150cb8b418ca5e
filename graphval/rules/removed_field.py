"""Fields that are unknown because another release has them: what became of them, and the mend where deleting is all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from graphval.catalog import Catalog, Drift
from graphval.catalog.release import releases
from graphval.textproto import Document, Fix, Problem
from graphval.textproto.tree import Field, ListValue, MessageValue

_UNKNOWN = re.compile(r'Message type "(?:mediapipe\.)?(?P<message>[\w.]+)" has no field named "(?P<field>\w+)"\.')
_BEHIND = re.compile(r"[ \t]*[,;]?[ \t]*")


def explained(problems: Iterable[Problem], document: Document, catalog: Catalog) -> Iterator[Problem]:
    """The problems, an unknown field that other releases know explained by what changed."""
    for problem in problems:
        change = _change(problem, catalog)
        if change is None:
            yield problem
        elif change.advice.endswith("; delete it"):
            yield replace(problem, help=change.advice, fix=_removal(problem, document))
        else:
            yield replace(problem, help=change.advice, fix=None)


def _change(problem: Problem, catalog: Catalog) -> Drift | None:
    """The change that explains why this release does not know a field."""
    match = _UNKNOWN.match(problem.protobuf) if problem.kind == "unknown-field" else None
    if match is None:
        return None
    order = releases()
    changes = catalog.drift(f"{match['message']}.{match['field']}", "options")
    until_now = [c for c in changes if order.index(c.release) <= order.index(catalog.version)]
    if until_now and until_now[-1].kind == "removed":
        return until_now[-1]
    return next((c for c in changes if c not in until_now and c.kind == "added"), None)


def _removal(problem: Problem, document: Document) -> Fix | None:
    """The edit that takes a field away: its lines where it stands alone on them, a comment behind it kept."""
    field = next((f for f in _all_fields(document.fields) if f.name_start == problem.start), None)
    if field is None or field.value is None:
        return None
    text, start = document.source.text, field.name_start
    behind = _BEHIND.match(text, field.end)
    assert behind is not None
    end = behind.end()
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end + 1
    if not text[line_start:start].strip() and not text[end:line_end].strip():
        return Fix(line_start, line_end, "")
    return Fix(start, end, "")


def _all_fields(fields: Iterable[Field]) -> Iterator[Field]:
    waiting = list(fields)
    while waiting:
        field = waiting.pop()
        yield field
        values = field.value.items if isinstance(field.value, ListValue) else [field.value]
        for value in values:
            if isinstance(value, MessageValue):
                waiting += value.fields
