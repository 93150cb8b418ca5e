"""Offsets to lines and columns and back, and the bytes that are no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.textproto import MAX_BYTES, Place, Source, decode

TEXTS = st.text(alphabet="ab\n\r\té", max_size=30)


@given(TEXTS, st.data())
def test_a_position_leads_back_to_its_offset(text: str, data: st.DataObject) -> None:
    source = Source("graph.pbtxt", text)
    offset = data.draw(st.integers(0, len(text)))
    line, column = source.position(offset)
    assert (line, column) == (text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1)
    assert source.offset(line, column) == offset


@given(TEXTS)
def test_lines_are_those_of_the_text(text: str) -> None:
    source = Source("graph.pbtxt", text)
    lines = text.split("\n")
    assert [source.line(number) for number in range(1, len(lines) + 1)] == [line.rstrip("\r") for line in lines]
    assert source.line(0) == source.line(-1) == source.line(len(lines) + 1) == ""


def test_places_beyond_the_text_are_its_end() -> None:
    source = Source("graph.pbtxt", "ab\nc")
    assert [source.offset(2, 2), source.offset(2, 9), source.offset(3, 1)] == [4, 4, 4]


def test_a_span_never_ends_before_it_begins() -> None:
    span = Source("graph.pbtxt", "ab\ncd").span(4, 1)
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 2, 2, 2)


def test_a_part_of_a_place() -> None:
    place = Place(Source("graph.pbtxt", "name: 'abc'"), 6, 11)
    assert place.inside(1, 3).text == "ab"


def found(data: bytes) -> list[tuple[str, int, int]]:
    source, problems = decode(data, "graph.pbtxt")
    assert not problems or source.text == ""
    return [(problem.kind, problem.start, problem.end) for problem in problems]


@pytest.mark.parametrize(
    ("control", "plain", "is_text"),
    [
        (8, 0, True),
        (9, 0, False),
        (9, 170, False),
        (9, 171, True),  # nine in 180 bytes are one in twenty
        (204, 4096 - 204, True),
        (205, 4096 - 205, False),
        (205, 8192, False),
    ],
)
def test_what_is_no_text(control: int, plain: int, is_text: bool) -> None:
    assert found(b"\x01" * control + b"#" * plain) == ([] if is_text else [("binary", 0, 0)])


def test_bytes_far_behind_are_not_asked_whether_they_are_text() -> None:
    assert found(b"#" * 4096 + b"\x01" * 1000) == []
    assert found(b"#" * 4088 + b"\x01" * 1000) == []


@pytest.mark.parametrize("byte", range(32))
def test_which_control_characters_a_text_may_have(byte: int) -> None:
    assert bool(found(bytes([byte]) * 9)) is (byte not in b"\t\n\r\v\f")


def test_what_is_too_large_has_a_place_in_the_empty_text() -> None:
    assert found(b"#" * (MAX_BYTES + 1)) == [("too-large", 0, 0)]
    assert MAX_BYTES == 1024 * 1024
