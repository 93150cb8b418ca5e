"""Places inside what a string field holds: through escapes, and across literals that follow each other.

Where a string holds a language of its own (JSON in ``plugin_config``), a mistake in it has a place in the file, though
``\\"`` is two characters there and ``"a" "b"`` one string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.textproto.bound import BoundField
from graphval.textproto.scalars import unescape
from graphval.textproto.source import Place

_BETWEEN = r"(?:\s|#[^\n]*)*"
_PIECE = (
    r"\\(?:u|U0000)[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])"
    r"|[\s\S]"
)


class StringPlaces:
    """Where each character of a string field's value is written."""

    def __init__(self, field: BoundField) -> None:
        self._field = field
        data, written = bytearray(), list[tuple[int, int]]()
        for start, end in _pieces(field.source.text, field.start, field.end):
            piece = unescape(f'"{field.source.text[start:end]}"')
            data += piece
            written += [(start, end)] * len(piece)
        self._characters: list[tuple[int, int]] = []
        """Start and end of each character, empty where the value is no clean UTF-8."""
        try:
            value = data.decode()
        except UnicodeDecodeError:
            return
        at = 0
        for character in value:
            behind = at + len(character.encode())
            self._characters.append((written[at][0], written[behind - 1][1]))
            at = behind

    def place(self, start: int, end: int) -> Place:
        """The stretch that holds the characters from ``start`` up to and without ``end``: at least one character, the
        whole value where it has none."""
        if not self._characters:
            return self._field.place
        last = len(self._characters) - 1
        first, final = min(start, last), min(max(end - 1, start), last)
        return Place(self._field.source, self._characters[first][0], self._characters[final][1])


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each character or escape inside the literals between two offsets."""
    between, piece = re.compile(_BETWEEN), re.compile(_PIECE)  # compiled here, for few mistakes lie in a string
    at = start
    while at < end:
        skipped = between.match(text, at)
        at = skipped.end() if skipped is not None else at
        if at >= end:
            return
        quote, at = text[at], at + 1
        while at < end and text[at] != quote:
            match = piece.match(text, at, end)
            if match is None:
                return
            yield match.span()
            at = match.end()
        at += 1
