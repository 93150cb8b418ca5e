"""Comments that silence a finding: ``# graphval: ignore[GV203] reason``, on its line or right above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Finding
from graphval.textproto import Document, Place

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
        alone: set[int] = set()
        asked: list[tuple[int, str, int]] = []
        for comment in document.comments:
            line, column = source.position(comment.start)
            if not source.text[comment.start - column + 1 : comment.start].strip():
                alone.add(line)
            match = _IGNORE.match(comment.text)
            if match is not None:
                begin = comment.start + 1  # behind the #
                for found in _CODE.finditer(comment.text, *match.span("codes")):
                    asked.append((line, found[0], len(self._places)))
                    self._places.append(Place(source, begin + found.start(), begin + found.end()))
        below: dict[int, int] = {}  # the first line behind the comments that begin here
        for line in sorted(alone, reverse=True):
            below[line] = below.get(line + 1, line + 1)
        for line, code, entry in asked:
            self._speak(line, code, entry)
            if line in alone:
                self._speak(below[line], code, entry)

    def _speak(self, line: int, code: str, entry: int) -> None:
        self._by_line.setdefault(line, {}).setdefault(code, []).append(entry)

    def silence(self, finding: Finding) -> bool:
        """Whether a comment silences a finding of this graph's text."""
        entries = self._by_line.get(finding.location.line, {}).get(finding.code, ())
        self._used.update(entries)
        return bool(entries)

    def unused(self) -> Iterator[Place]:
        """The codes in comments that have silenced nothing so far, where they are written."""
        return (place for entry, place in enumerate(self._places) if entry not in self._used)
