"""Comments that silence a finding: ``# graphval: ignore[GV203] reason``, on its line or right above it."""

from __future__ import annotations

import re

from graphval.findings import Finding
from graphval.textproto import Document

_IGNORE = re.compile(r"\s*graphval:\s*ignore\[(?P<codes>[A-Z0-9,\s]+)\]")


class Ignores:
    """The codes that the comments of one graph silence, by line.

    A comment behind a field speaks of its own line alone. One on a line of its own speaks of the line below it too, or
    of the line below the comments that it begins. Text in a string is no comment.
    """

    __slots__ = ("_by_line",)

    def __init__(self, document: Document) -> None:
        self._by_line: dict[int, set[str]] = {}
        source = document.source
        alone: set[int] = set()
        asked: list[tuple[int, list[str]]] = []
        for comment in document.comments:
            line, column = source.position(comment.start)
            if not source.text[comment.start - column + 1 : comment.start].strip():
                alone.add(line)
            match = _IGNORE.match(comment.text)
            if match is not None:
                asked.append((line, match["codes"].replace(",", " ").split()))
        for line, codes in asked:
            self._by_line.setdefault(line, set()).update(codes)
            if line in alone:
                while line in alone:
                    line += 1
                self._by_line.setdefault(line, set()).update(codes)

    def silence(self, finding: Finding) -> bool:
        """Whether a comment silences a finding of this graph's text."""
        return finding.code in self._by_line.get(finding.location.line, ())
