"""Edits of one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graphval.findings import Edit
from graphval.textproto import Fix, Source


def fix_of(source: Source, edit: Edit) -> Fix:
    """An edit by offsets; the lines it brings end as those of the text do."""
    place = edit.location
    start, end = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
    text = edit.text.replace("\n", "\r\n") if "\r\n" in source.text else edit.text
    return Fix(start, end, text)


def apart(groups: Iterable[Sequence[Fix]]) -> Iterator[Sequence[Fix]]:
    """The groups that can be applied together, the earlier ones first: none touches a stretch that another changes."""
    taken: list[Fix] = []
    for group in groups:
        if group and not any(_touch(fix, other) for fix in group for other in taken):
            taken += group
            yield group


def _touch(one: Fix, other: Fix) -> bool:
    return one.start <= other.end and other.start <= one.end


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """The text after fixes that do not overlap."""
    parts: list[str] = []
    at = 0
    for fix in sorted(fixes, key=lambda fix: fix.start):
        parts += (text[at : fix.start], fix.text)
        at = fix.end
    return "".join((*parts, text[at:]))
