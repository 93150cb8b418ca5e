"""A text and its positions: offsets in, lines and columns out."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from graphval.findings import Span
from graphval.kept_property import kept_property
from graphval.textproto.problem import Fix


class Source:
    """The text of one file.

    Offsets are code points from 0. Lines end at LF; a CR before it belongs to the line. Columns count from 1 and a tab
    is one column, as editors and SARIF want it (protobuf's own messages count tabs to the next multiple of eight).
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    @kept_property
    def _line_starts(self) -> list[int]:
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1; beyond the text, the text's end."""
        if line > len(self._line_starts):
            return len(self.text)
        return min(self._line_starts[line - 1] + column - 1, len(self.text))

    def span(self, start: int, end: int) -> Span:
        """The span from ``start`` up to and without ``end``."""
        line, column = self.position(start)
        end_line, end_column = self.position(max(start, end))
        return Span(self.file, line, column, end_line, end_column)

    def line(self, number: int) -> str:
        """The text of line ``number`` (from 1) without its line end; empty beyond the last line."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")


class Place(NamedTuple):
    """A stretch of a source, kept as offsets until somebody asks for the span."""

    source: Source
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.source.span(self.start, self.end)

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def rewritten(self, text: str) -> Fix:
        """The mend that puts ``text`` here. Only where nothing else can have been meant."""
        return Fix(self.start, self.end, text)

    def inside(self, start: int, end: int) -> Place:
        """The part of this place between two offsets relative to its start."""
        return Place(self.source, self.start + start, self.start + end)
