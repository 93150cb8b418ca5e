"""The lines that a finding points at, and the marks under them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from graphval.findings import Span
from graphval.report.excerpt import Sources, excerpt


def rows(folder: Path, text: str | bytes, span: tuple[int, int, int, int], label: str = "", width: int = 120) -> str:
    """The excerpt as it is printed, line numbers and a bar before each row."""
    file = folder / "graph.pbtxt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = excerpt(Sources(), Span(str(file), *span), label, width=width)
    return "\n".join(f"{'' if row.number is None else row.number:>2}|{row.text}" for row in found)


ONE_LINE: dict[str, tuple[str | bytes, tuple[int, int, int, int], str]] = {
    "a word": ("a: 1\nb: 22\n", (2, 4, 2, 6), " 2|b: 22\n  |   ^^"),
    "a place without extent": ("a: 1\n", (1, 2, 1, 2), " 1|a: 1\n  | ^"),
    "tabs become blanks up to the next stop": ("\tb:\t22\n", (1, 5, 1, 7), " 1|    b:  22\n  |        ^^"),
    "a tab itself": ("a\t1\n", (1, 2, 1, 3), " 1|a   1\n  | ^^^"),
    "behind wide characters": ('s: "日本" x\n', (1, 9, 1, 10), ' 1|s: "日本" x\n  |          ^'),
    "wide characters themselves": ('s: "日本" x\n', (1, 5, 1, 7), ' 1|s: "日本" x\n  |    ^^^^'),
    "a combining mark takes no column": ('s: "e\u0301" x\n', (1, 9, 1, 10), ' 1|s: "e\u0301" x\n  |       ^'),
    "control characters are pictures": (
        's: "\x1b[31m\x07\x7f" x\n',
        (1, 13, 1, 14),
        ' 1|s: "␛[31m␇␡" x\n  |            ^',
    ),
    "bytes that are no UTF-8 are hex": (b's: "\xff" x\n', (1, 5, 1, 6), ' 1|s: "\\xff" x\n  |    ^^^^'),
    "what turns text around is named": ("a \u202e {\n", (1, 5, 1, 6), " 1|a <U+202E> {\n  |           ^"),
    "what hides is named": ("a\u200bb: 1\n", (1, 2, 1, 3), " 1|a<U+200B>b: 1\n  | ^^^^^^^^"),
    "CR before LF is no part of the line": ("a: 1\r\nb: 2\r\n", (1, 5, 1, 5), " 1|a: 1\n  |    ^"),
    "the end of the file": ("a: 1\n", (2, 1, 2, 1), " 2|\n  |^"),
    "beyond the end of the line": ("a: 1\n", (1, 9, 1, 12), " 1|a: 1\n  |    ^"),
    "beyond the end of the file": ("a: 1\n", (7, 3, 7, 5), " 7|\n  |^"),
    "an empty file": ("", (1, 1, 1, 1), " 1|\n  |^"),
}


@pytest.mark.parametrize(("text", "span", "shown"), ONE_LINE.values(), ids=ONE_LINE)
def test_one_line(tmp_path: Path, text: str | bytes, span: tuple[int, int, int, int], shown: str) -> None:
    assert rows(tmp_path, text, span) == shown


LONG: dict[str, tuple[str, tuple[int, int], str]] = {
    "fits": ("abcdefghijkl", (1, 3), "abcdefghijkl\n^^"),
    "cut behind": ("abcdefghijklmnopqrst", (1, 3), "abcdefghij…\n^^"),
    "cut on both sides": ("abcdefghijklmnopqrst", (11, 13), "…ghijklmnop…\n     ^^"),
    "cut before": ("abcdefghijklmnopqrst", (19, 21), "…opqrst\n     ^^"),
    "a mark longer than the room": ("abcdefghijklmnopqrst", (1, 21), "abcdefghij…\n^^^^^^^^^^"),
    "wide characters are not cut in half": ("日" * 20, (10, 11), "…日日日日日…\n     ^^"),
}


@pytest.mark.parametrize(("text", "columns", "shown"), LONG.values(), ids=LONG)
def test_long_lines_are_cut_around_the_place(tmp_path: Path, text: str, columns: tuple[int, int], shown: str) -> None:
    line, mark = shown.split("\n")
    assert rows(tmp_path, text, (1, columns[0], 1, columns[1]), width=12) == f" 1|{line}\n  |{mark}"


@pytest.mark.parametrize("at", [1, 5_000, 999_990])
def test_a_line_of_a_megabyte_stays_within_the_width(tmp_path: Path, at: int) -> None:
    found = rows(tmp_path, "x" * (at - 1) + "BAD" + "x" * (1_000_000 - at), (1, at, 1, at + 3)).split("\n")
    assert max(len(row) for row in found) <= 120 + len(" 1|")
    assert found[0][found[1].index("^") :].startswith("BAD")


MANY_LINES: dict[str, tuple[str, tuple[int, int, int, int], str]] = {
    "a block that begins its line": (
        "a {\n  b\n}\n",
        (1, 1, 3, 2),
        " 1|/ a {\n 2||   b\n 3|| }\n  ||_^",
    ),
    "a block that begins within its line": (
        "x a {\n  b\n}\n",
        (1, 3, 3, 2),
        " 1|  x a {\n  | ___^\n 2||   b\n 3|| }\n  ||_^",
    ),
    "the middle of a long block is left out": (
        "a {\n" + "  b\n" * 10 + "}\n",
        (1, 1, 12, 2),
        " 1|/ a {\n 2||   b\n 3||   b\n  |...\n11||   b\n12|| }\n  ||_^",
    ),
    "an end at the beginning of a line is the end of the line before": (
        "a {\n  b\n}\n",
        (1, 3, 3, 1),
        " 1|  a {\n  | ___^\n 2||   b\n  ||___^",
    ),
    "and may leave one line": ("a {\n  b\n}\n", (1, 1, 2, 1), " 1|a {\n  |^^^"),
    "line ends of another system": ("a {\r\n  b\r\n}\r\n", (1, 1, 3, 2), " 1|/ a {\n 2||   b\n 3|| }\n  ||_^"),
}


@pytest.mark.parametrize(("text", "span", "shown"), MANY_LINES.values(), ids=MANY_LINES)
def test_many_lines(tmp_path: Path, text: str, span: tuple[int, int, int, int], shown: str) -> None:
    assert rows(tmp_path, text, span) == shown


@pytest.mark.parametrize(
    ("text", "span", "last"),
    [("a: 1", (1, 1, 1, 2), "^ why"), ("a: 1", (1, 1, 1, 5), "^^^^ why"), ("a {\n}\n", (1, 1, 2, 2), "|_^ why")],
)
def test_the_label_stands_beside_the_mark(
    tmp_path: Path, text: str, span: tuple[int, int, int, int], last: str
) -> None:
    assert rows(tmp_path, text, span, "why").endswith("|" + last)


def a_missing_file(folder: Path) -> Path:
    return folder / "missing.pbtxt"


def a_directory(folder: Path) -> Path:
    return folder


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def a_name_with_nul(folder: Path) -> Path:
    return folder / "a\0b"


def a_file_too_large_for_anything(folder: Path) -> Path:
    file = folder / "large.pbtxt"
    with file.open("wb") as stream:
        stream.truncate((8 << 20) + 1)
    return file


UNSHOWN = (a_missing_file, a_directory, a_pipe, a_name_with_nul, a_file_too_large_for_anything)


@pytest.mark.parametrize("make", UNSHOWN, ids=lambda make: make.__name__)
def test_what_cannot_be_shown_is_left_out(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    file = str(make(tmp_path))
    for span in ((1, 1, 1, 2), (1, 1, 4, 2)):
        assert excerpt(Sources(), Span(file, *span), "label") == []


def test_a_file_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "graph.pbtxt"
    file.write_text("before\n", encoding="utf-8")
    sources = Sources()
    assert sources.line(str(file), 1) == "before"
    file.write_text("after\n", encoding="utf-8")
    assert sources.line(str(file), 1) == "before"
