"""Where in a TOML text its keys and values stand.

``tomllib`` says what a text means and not where it says so. This reads only texts that ``tomllib`` has accepted, so it
need not check anything.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys, and in arrays the positions from 0, that lead to a value."""

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""")
_DOT = re.compile(r"[ \t]*+\.[ \t]*+")
_STRING = re.compile(
    r'''"""(?:[^\\"]|\\[\s\S]|"{1,2}(?!"))*+"{3,5}'''
    r"""|\'\'\'(?:[^']|'{1,2}(?!'))*+'{3,5}"""
    r"""|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+\'"""
)
_PLAIN = re.compile(r"[^,\]}#\n]*")


@dataclass(frozen=True, slots=True)
class TomlPlace:
    """Offsets of a key (all of a dotted one's last part) and of its value; an item of an array has its value's twice,
    a table its name's."""

    key_start: int
    key_end: int
    start: int
    end: int


def toml_places(text: str) -> dict[Path, TomlPlace]:
    """The place of every key, value and item of a text that ``tomllib`` accepts."""
    return _Reader(text).run()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._places: dict[Path, TomlPlace] = {}
        self._tables: dict[Path, int] = {}
        """How many tables each array of tables has so far."""

    def run(self) -> dict[Path, TomlPlace]:
        table: Path = ()
        while self._skip():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._places

    def _skip(self) -> bool:
        """Pass over blanks and comments; whether anything follows."""
        match = _BLANK.match(self._text, self._at)
        assert match is not None
        self._at = match.end()
        return self._at < len(self._text)

    def _header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``: the path of the table that begins here."""
        many = self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        keys = self._keys()
        path: Path = ()
        for key, start, end in keys:
            path = (*path, key)
            last = key is keys[-1][0] and (start, end) == keys[-1][1:]
            self._places.setdefault(path, TomlPlace(start, end, start, end))
            if last and many:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
                self._places.setdefault(path, TomlPlace(start, end, start, end))
        self._at = self._text.index("]", self._at) + (2 if many else 1)
        return path

    def _pair(self, table: Path) -> None:
        """``a.b = value``."""
        path = table
        keys = self._keys()
        for key, start, end in keys:
            path = (*path, key)
            self._places.setdefault(path, TomlPlace(start, end, start, end))
        self._at = self._text.index("=", self._at) + 1
        _, key_start, key_end = keys[-1]
        start, end = self._value(path)
        self._places[path] = TomlPlace(key_start, key_end, start, end)

    def _keys(self) -> list[tuple[str, int, int]]:
        """A dotted key: each part with its offsets."""
        parts = []
        self._skip()
        while True:
            match = _KEY.match(self._text, self._at)
            assert match is not None, "tomllib has accepted it"
            written = match[0]
            key = tomllib.loads(f"key = {written}")["key"] if written[0] in "\"'" else written
            parts.append((key, *match.span()))
            self._at = match.end()
            dot = _DOT.match(self._text, self._at)
            if dot is None:
                return parts
            self._at = dot.end()

    def _value(self, path: Path) -> tuple[int, int]:
        """A value, whose parts are noted under ``path``: its offsets."""
        self._skip()
        start = self._at
        match self._text[start]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case "'" | '"':
                found = _STRING.match(self._text, start)
                assert found is not None, "tomllib has accepted it"
                self._at = found.end()
            case _:
                found = _PLAIN.match(self._text, start)
                assert found is not None
                self._at = start + len(found[0].rstrip())
        return start, self._at

    def _array(self, path: Path) -> None:
        self._at += 1
        count = 0
        while self._skip() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            item = (*path, count)
            start, end = self._value(item)
            self._places[item] = TomlPlace(start, end, start, end)
            count += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._pair(path)
        self._at += 1
