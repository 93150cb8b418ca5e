"""The mend of a field that a release has removed: it goes, where deleting is all there is to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from graphval.textproto import Document, Fix, Problem
from graphval.textproto.tree import Field, ListValue, MessageValue


def removal(problem: Problem, advice: str, document: Document) -> Fix | None:
    """The edit that takes the field of a problem away, its lines with it where it stands alone on them, a comment behind
    it kept; ``None`` where ``advice`` names something to write instead."""
    field = next((f for f in _all_fields(document.fields) if f.name_start == problem.start), None)
    if not advice.endswith("; delete it") or field is None or field.value is None:
        return None
    text, start = document.source.text, field.name_start
    behind = re.compile(r"[ \t]*[,;]?[ \t]*").match(text, field.end)  # compiled here, for a sound graph needs no mend
    assert behind is not None
    end = behind.end()
    line_start = start - document.source.position(start)[1] + 1
    line_end = text.find("\n", end) + 1 or len(text)
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
