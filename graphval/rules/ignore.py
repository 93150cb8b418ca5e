"""Comments that silence a finding: ``# graphval: ignore[GV203] reason``, on its line or right above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Finding
from graphval.textproto import Document, Place, Source
from graphval.textproto.comments import Comment

_IGNORE = re.compile(r"\s*graphval:\s*ignore\[(?P<codes>[A-Z0-9,\s]+)\]")
_CODE = re.compile(r"[A-Z0-9]+")


class Ignores:
    """The codes that the comments of one graph silence, by line.

    A comment behind a field speaks of its own line alone. One on a line of its own speaks of the line below it too, or
    of the line below the comments that it begins. Text in a string is no comment.
    """

    __slots__ = ("_by_line", "_places", "_used")

    def __init__(self, document: Document) -> None:
        self._by_line: dict[int, dict[str, list[int]]] = {}
        """For each line and code the numbers of the entries that silence it."""
        self._places: list[Place] = []
        self._used: set[int] = set()
        source = document.source
        below: dict[int, int] | None = None
        for comment in document.comments:
            match = _IGNORE.match(comment.text)
            if match is None:
                continue
            lines = [source.position(comment.start)[0]]
            if _is_alone(comment, source):
                below = _lines_below(document) if below is None else below
                lines.append(below[lines[0]])
            begin = comment.start + 1  # behind the #
            for found in _CODE.finditer(comment.text, *match.span("codes")):
                for line in lines:
                    self._by_line.setdefault(line, {}).setdefault(found[0], []).append(len(self._places))
                self._places.append(Place(source, begin + found.start(), begin + found.end()))

    def silence(self, finding: Finding) -> bool:
        """Whether a comment silences a finding of this graph's text."""
        entries = self._by_line.get(finding.location.line, {}).get(finding.code, ())
        self._used.update(entries)
        return bool(entries)

    def unused(self) -> Iterator[Place]:
        """The codes in comments that have silenced nothing so far, where they are written."""
        return (place for entry, place in enumerate(self._places) if entry not in self._used)


def _is_alone(comment: Comment, source: Source) -> bool:
    """Whether nothing stands before a comment on its line."""
    _, column = source.position(comment.start)
    return not source.text[comment.start - column + 1 : comment.start].strip()


def _lines_below(document: Document) -> dict[int, int]:
    """For each line with nothing but a comment the first line behind the comments that begin there."""
    source = document.source
    alone = [source.position(comment.start)[0] for comment in document.comments if _is_alone(comment, source)]
    below: dict[int, int] = {}
    for line in reversed(alone):
        below[line] = below.get(line + 1, line + 1)
    return below
