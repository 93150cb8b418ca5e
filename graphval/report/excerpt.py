"""The lines of a file that a span covers, with the span underlined."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from graphval.findings import Span
from graphval.report.style import visible

_MAX_BYTES = 8 << 20
_TAB = 4
_HEAD, _TAIL = 3, 2


class Sources:
    """The lines of the files that findings point into, each file read once."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str] | None] = {}

    def line(self, file: str, number: int) -> str | None:
        """Line ``number`` (from 1), empty just beyond the end; ``None`` where the file cannot be shown."""
        if file not in self._lines:
            self._lines[file] = _read(Path(file))
        lines = self._lines[file]
        if lines is None:
            return None
        return lines[number - 1].removesuffix("\r") if number <= len(lines) else ""


def _read(file: Path) -> list[str] | None:
    try:
        if not file.is_file():  # a pipe would block, a device never end
            return None
        with file.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except (OSError, ValueError):  # ValueError: a path with NUL
        return None
    return data.decode("utf-8", errors="surrogateescape").split("\n") if len(data) <= _MAX_BYTES else None


class Row(NamedTuple):
    """One row of an excerpt: the line number or nothing, the text, and whether it is the underlining."""

    number: int | None
    text: str
    mark: bool = False


def excerpt(sources: Sources, span: Span, label: str, *, mark: str = "^", width: int = 120) -> list[Row]:
    """The rows that show ``span``, none where its file cannot be shown. ``width`` is the room for source text."""
    if span.end_line > span.line:
        return _many_lines(sources, span, label, mark, width - 2)
    line = sources.line(span.file, span.line)
    if line is None:
        return []
    text, start, end = _window(line, span.column - 1, max(span.end_column, span.column + 1) - 1, width)
    return [Row(span.line, text), Row(None, _with_label(" " * start + mark * max(1, end - start), label), mark=True)]


def _many_lines(sources: Sources, span: Span, label: str, mark: str, width: int) -> list[Row]:
    last = span.end_line
    if span.end_column == 1 and last > span.line:
        last -= 1  # the end is exclusive: the span ends with the line before
    numbers = list(range(span.line, last + 1))
    shown = numbers if len(numbers) <= _HEAD + _TAIL + 1 else [*numbers[:_HEAD], 0, *numbers[-_TAIL:]]
    first = sources.line(span.file, span.line)
    if first is None:
        return []
    if last == span.line:
        whole = Span(span.file, span.line, span.column, span.line, len(first) + 1)
        return excerpt(sources, whole, label, mark=mark, width=width + 2)
    rows: list[Row] = []
    for number in shown:
        if number == 0:
            rows.append(Row(None, "..."))
            continue
        text, start, _ = _window(sources.line(span.file, number) or "", span.column - 1 if not rows else 0, 0, width)
        if rows:
            rows.append(Row(number, "| " + text))
        elif first[: span.column - 1].strip():
            rows += (Row(number, "  " + text), Row(None, " " + "_" * (start + 1) + mark, mark=True))
        else:
            rows.append(Row(number, "/ " + text))
    end = span.end_column - 2 if last == span.end_line else len(sources.line(span.file, last) or "") - 1
    _, start, _ = _window(sources.line(span.file, last) or "", max(end, 0), 0, width)
    rows.append(Row(None, _with_label("|" + "_" * (start + 1) + mark, label), mark=True))
    return rows


def _with_label(underline: str, label: str) -> str:
    return f"{underline} {label}" if label else underline


def _window(line: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """A line as it is printed, and the columns of the terminal at which the characters ``start`` up to ``end`` lie.

    A line that needs more than ``width`` columns is cut around ``start``, with an ellipsis on each side that was cut.
    """
    start = min(start, len(line))
    offset = max(0, start - width)
    part = line[offset : start + width]  # a line may have megabytes: what cannot be near is not looked at
    printed, columns = _spread(part)
    a, b = start - offset, min(max(end, start) - offset, len(part))
    first, last = 0, len(part)
    if len(part) < len(line) or columns[-1] > width:
        if columns[a] > width * 2 // 3:
            while columns[a] - columns[first] > width // 3:
                first += 1
        while columns[last] - columns[first] > width - 2:
            last -= 1
    left = "…" if offset + first > 0 else ""
    right = "…" if offset + last < len(line) else ""
    shift = columns[first] - len(left)
    until = min(columns[b], columns[last])
    return left + "".join(printed[first:last]) + right, columns[a] - shift, max(until, columns[a]) - shift


def _spread(text: str) -> tuple[list[str], list[int]]:
    """How each character is printed, and the column at which it begins, with the column of the end as one more."""
    printed: list[str] = []
    columns = [0]
    for character in text:
        if character == "\t":
            cell = " " * (_TAB - columns[-1] % _TAB)
            wide = len(cell)
        else:
            cell = visible(character)
            wide = len(cell) if cell != character else _wide(character)
        printed.append(cell)
        columns.append(columns[-1] + wide)
    return printed, columns


def _wide(character: str) -> int:
    """How many columns a printable character takes on a terminal."""
    if character.isascii():
        return 1
    from unicodedata import combining, east_asian_width

    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
