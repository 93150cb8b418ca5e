"""JSON as RapidJSON takes it, every mistake at its place."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphval.deployment.json_text import MAX_DEPTH, MAX_VALUES, read_json
from graphval.deployment.json_tree import JsonDocument, JsonNode, walk
from graphval.textproto import Source


def read(text: str) -> JsonDocument:
    return read_json(Source("config.json", text))


def places(text: str) -> list[tuple[str, int, int]]:
    """Kind, line and column of each problem."""
    document = read(text)
    spans = [(p.kind, document.source.span(p.start, p.end)) for p in document.problems]
    return [(kind, span.line, span.column) for kind, span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("json-syntax", 1, 1)]),
        (" \n\t", [("json-syntax", 1, 1)]),
        ("\ufeff{}", [("json-byte-order-mark", 1, 1)]),
        ("// why\n{}", [("json-comment", 1, 1)]),
        ('{\n  "a": 1, # why\n  "b": 2 /* and\n why */\n}', [("json-comment", 2, 11), ("json-comment", 3, 10)]),
        ('{"a": 1,\n}', [("json-trailing-comma", 1, 8)]),
        ("[1,\n 2,\n]", [("json-trailing-comma", 2, 3)]),
        ("{'a': 1}", [("json-quotes", 1, 2)]),
        ("{\"a\": 'b'}", [("json-quotes", 1, 7)]),
        ("{a: 1}", [("json-quotes", 1, 2)]),
        ('{"a" 1}', [("json-syntax", 1, 5)]),
        ('{"a" = 1}', [("json-syntax", 1, 5)]),
        ('{"a": }', [("json-syntax", 1, 7)]),
        ('{"a":', [("json-syntax", 1, 5)]),
        ('{"a": 1 "b": 2}', [("json-syntax", 1, 8)]),
        ("[1 2]", [("json-syntax", 1, 3)]),
        ('{\n "a": [1,\n 2\n', [("json-syntax", 2, 7)]),
        ('{\n "a": 1', [("json-syntax", 1, 1)]),
        ("[1}", [("json-syntax", 1, 3)]),
        ("{]", [("json-syntax", 1, 2)]),
        ("{} x", [("json-syntax", 1, 4)]),
        ('{"a": True, "b": None}', [("json-syntax", 1, 7), ("json-syntax", 1, 18)]),
        ("[NaN, Infinity]", [("json-syntax", 1, 2), ("json-syntax", 1, 7)]),
        ("[01]", [("json-syntax", 1, 2)]),
        ("[+1]", [("json-syntax", 1, 2)]),
        ("[.5]", [("json-syntax", 1, 2)]),
        ("[1.]", [("json-syntax", 1, 2)]),
        ("[-]", [("json-syntax", 1, 2)]),
        ("[1e]", [("json-syntax", 1, 2)]),
        ("[0x10]", [("json-syntax", 1, 2)]),
        ("[1e400]", [("json-syntax", 1, 2)]),
        ('["a\nb"]', [("json-syntax", 1, 2)]),
        ('{"a": "x,\n "b": "y}', [("json-syntax", 1, 7), ("json-syntax", 2, 7)]),
        ('{"a": "x,\n "b": 1,}', [("json-syntax", 1, 7), ("json-trailing-comma", 2, 8)]),
        ("[" + "9" * 5000 + "]", [("json-syntax", 1, 2)]),
        ('["a\tb"]', [("json-syntax", 1, 2)]),
        ('["C:\\Users"]', [("json-syntax", 1, 2)]),
        ('["\\u12"]', [("json-syntax", 1, 2)]),
        ('["\\ud800"]', [("json-syntax", 1, 2)]),
        ('["\\udc00"]', [("json-syntax", 1, 2)]),
        ('["\udce9 \\ud800"]', [("json-syntax", 1, 2)]),
        ("{" * 3, [("json-syntax", 1, 2)]),
        ("[" * (MAX_DEPTH + 2), [("json-too-deep", 1, MAX_DEPTH + 2)]),
        ("[" + "1," * (MAX_VALUES - 2) + "1]", []),
        ("[" + "1," * (MAX_VALUES - 1) + "1]", [("json-too-many-values", 1, 2 * MAX_VALUES)]),
    ],
)
def test_each_mistake_has_its_place(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize("written", ["caf\udce9", "\\ud83d\\ude00 caf\udce9", "caf\udce9\\n"])
def test_bytes_that_are_no_utf8_are_taken_as_they_are(written: str) -> None:
    document = read(f'{{"{written}": "{written}"}}')
    assert document.problems == ()
    assert document.root is not None
    meant = json.loads(f'"{written}"')
    assert document.root.plain() == {meant: meant}


@pytest.mark.parametrize(
    "text",
    ['{"a": 1,}', "[1,]", "{'a': 'b'}", "{a: True}", "[1 2]", "// x\n[1]", "\ufeff[]", "[1, # x\n2]", "[/* x */]"],
)
def test_a_mend_leaves_json(text: str) -> None:
    document = read(text)
    mended = text
    for problem in sorted(document.problems, key=lambda p: p.start, reverse=True):
        assert problem.fix is not None
        mended = mended[: problem.fix.start] + problem.fix.text + mended[problem.fix.end :]
    assert read(mended).problems == ()
    json.loads(mended)


def test_reading_goes_on_behind_a_mistake() -> None:
    document = read('{"a": 1, /* x */ "b": [1, 2,], \'c\': True}')
    assert document.root is not None
    assert document.root.plain() == {"a": 1, "b": [1, 2], "c": True}
    assert len(document.problems) == 4


def test_the_first_of_two_equal_keys_counts() -> None:
    root = read('{"a": 1, "a": 2}').root
    assert root is not None
    assert root.plain() == {"a": 1}
    assert [member.value.value for member in root.members] == [1, 2]
    first = root.get("a")
    assert first is not None
    assert first.value == 1


def test_places_of_keys_and_values() -> None:
    root = read('{\n  "list": [\n    {"name": "grün", "n": -1.5e3}\n  ]\n}').root
    assert root is not None
    [member] = root.members
    assert (member.key_place.span.line, member.key_place.span.column, member.key_place.text) == (2, 3, '"list"')
    [item] = member.value.items
    name, number = item.members
    assert (name.value.place.text, number.value.place.text) == ('"grün"', "-1.5e3")
    assert (number.key_place.span.line, number.key_place.span.column) == (3, 22)
    assert item.place.text == '{"name": "grün", "n": -1.5e3}'
    assert [node.kind for node in walk(root)] == ["object", "array", "object", "string", "number"]


@pytest.mark.parametrize("unit", ["{", "[", '{"a":', '"', "'", "/*", "//\n", "[1 ", "x ", "1 ", "\\", '{"a" "b" '])
def test_a_large_text_of_one_thing_is_read_and_refused(unit: str) -> None:
    document = read(unit * ((8 << 20) // len(unit)))
    assert document.problems
    assert len(document.problems) <= 50


# -- against Python's reader, which differs from RapidJSON's where that is stricter -----------------------------------

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(values, st.sampled_from([None, 0, 2]), st.booleans())
def test_what_python_writes_is_read_alike(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = read(text)
    assert document.problems == ()
    assert document.root is not None
    assert document.root.plain() == json.loads(text)
    assert document.root.place.text == text


fragments = st.lists(
    st.sampled_from(
        [
            *"{}[]:,\"' \n\t\\",
            "true",
            "null",
            "nul",
            "-",
            "0",
            "1.5",
            "e3",
            "01",
            '"a"',
            '"\\n"',
            '"\\x"',
            '"\\u00e9"',
            "é",
        ]
    ),
    max_size=14,
).map("".join)


@given(fragments)
@example('{"a":1}')
@example("[1,2]")
@example('"\\ud83d\\ude00"')
def test_accepted_is_what_python_accepts(text: str) -> None:
    try:
        expected = json.loads(text, parse_constant=_refuse)
    except ValueError:
        assert read(text).problems
        return
    document = read(text)
    assert document.problems == ()
    assert document.root is not None
    if "{" not in text:
        assert document.root.plain() == expected


def _refuse(word: str) -> float:
    raise ValueError(word)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_any_text_is_read_and_problems_lie_inside_it(text: str) -> None:
    document = read(text)
    for problem in document.problems:
        assert 0 <= problem.start <= problem.end <= max(1, len(text))
        assert problem.message
    for node in walk(document.root) if document.root is not None else ():
        assert 0 <= node.start <= node.end <= len(text)
        assert isinstance(node, JsonNode)
        assert node.kind != "number" or math.isfinite(node.value)
