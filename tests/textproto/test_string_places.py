"""Places inside the value of a string field, through escapes and across literals that follow each other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.catalog import load
from graphval.graph import graph_schema
from graphval.textproto import BoundField, Source, bind, parse
from graphval.textproto.string_places import StringPlaces


def field_of(literals: str) -> BoundField:
    document = parse(Source("graph.pbtxt", f"package: {literals}\n"))
    bound, problems = bind(document, graph_schema(load()))
    assert not problems
    found = bound.first("package")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("literals", "value", "written"),
    [
        ('"ab"', "ab", ["a", "b"]),
        ('"a\\"b"', 'a"b', ["a", '\\"', "b"]),
        ("'a' # between\n\t\"b\"", "ab", ["a", "b"]),
        ('"\\303\\244b"', "äb", ["\\303\\244", "b"]),
        ("\"\\xc3\" '\\244b'", "äb", ["\\xc3\" '\\244", "b"]),
        ('"\\u00e4\\U0001F600"', "ä😀", ["\\u00e4", "\\U0001F600"]),
        ('"\\ud83d\\ude00!"', "😀!", ["\\ud83d\\ude00", "!"]),
        ('"\\U0000D83D\\ude00!"', "😀!", ["\\U0000D83D\\ude00", "!"]),
        ('"\\uDBFF\\udfff\\ud800\\uDC00"', "\U0010ffff\U00010000", ["\\uDBFF\\udfff", "\\ud800\\uDC00"]),
        ('"\\ud7ff\\ue000"', "\ud7ff\ue000", ["\\ud7ff", "\\ue000"]),
        ('"ä\\n"', "ä\n", ["ä", "\\n"]),
    ],
)
def test_each_character_has_its_place(literals: str, value: str, written: list[str]) -> None:
    field = field_of(literals)
    places = StringPlaces(field)
    assert field.string == value
    assert [places.place(at, at + 1).text for at in range(len(value))] == written


def test_the_end_and_the_empty_value_have_places() -> None:
    field = field_of('"ab"')
    assert StringPlaces(field).place(2, 2).text == "b"
    empty = field_of('""')
    assert StringPlaces(empty).place(0, 1).text == '""'


PIECE = st.one_of(
    st.sampled_from(['\\"', "\\'", "\\\\", "\\n", "\\t", "\\x41", "\\101", "\\u00e9", "\\U0001F600", "é", "😀"]),
    st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="\"'\\"),
)


@settings(deadline=None)
@given(st.lists(st.lists(PIECE, max_size=6), min_size=1, max_size=4), st.sampled_from(['"', "'"]))
def test_places_are_in_order_and_hold_what_is_written(literals: list[list[str]], quote: str) -> None:
    field = field_of(" \n ".join(f"{quote}{''.join(pieces)}{quote}" for pieces in literals))
    places = StringPlaces(field)
    pieces = [piece for literal in literals for piece in literal]
    assert [places.place(at, at + 1).text for at in range(len(field.string))] == pieces
    if len(pieces) > 1:
        whole = places.place(0, len(pieces))
        assert (whole.start, whole.end) == (
            places.place(0, 1).start,
            places.place(len(pieces) - 1, len(pieces)).end,
        )
