"""What of protobuf no graph has, in types of our own (`own_types.py`): taken as protobuf takes it, and what is said of
mistakes.

    python -m tests.textproto.test_own_types

writes `own_types.txt` anew: what is said of each refused text.
"""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import text_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from graphval.textproto import BoundMessage, Problem, Schema, Source, bind, parse

from .own_types import own_pool
from .reference import cpp
from .test_language import said_of
from .test_reading import assert_alike, messages_in

KEPT = Path(__file__).with_name("own_types.txt")
_ANY = "type.googleapis.com/own"

ACCEPTED = (
    "i32: -2147483648 i64: 9223372036854775807 u32: 4294967295 u64: 18446744073709551615",
    "i32: 2147483647 i64: -9223372036854775808 u32: 0 u64: 0x10 numbers: 1 numbers: [2, 3] numbers: []",
    "i32: 1000000000 i64: 12345678901 u64: 1234567890 u32: 00",
    "single: 1 double: 1 inner { single: -0.1 double: -0.1 } parts { single: 1e300 double: 1e300 }",
    "single: inf double: -infinity inner { single: -inf }",
    "flag: true inner { flag: t inner { flag: 1 } } parts { flag: false } parts { flag: 0 }",
    "text: 'a' data: 'b' inner { text: '\\303\\244' data: '\\377' } parts { text: \"\" data: '' }",
    "color: GREEN colors: [RED, GREEN] colors: 3 inner { color: 0 }",
    "Block { depth: 1 } inner { Block: { } }",
    "counts { key: 'a' value: 1 } counts { key: 'b' } counts { key: 'a' value: 2 } counts { }",
    "counts: [{ key: 'c' value: 3 }, { key: 'd' }]",
    "named { key: 1 value { i32: 1 } } named { key: 2 } named { key: 1 value { i32: 2 } }",
    "one: 3",
    "two { one: 1 } inner { one: 2 } parts { two { } }",
    "[own.number]: 7 [own.words]: 'a' [own.words]: ['b', 'c'] [own.more] { i32: 1 } [own.more]: [{ }, { }]",
    "[own.Extra.ext] { } inner { [own.Extra.ext]: { } } plain { [own.Extra.of_plain]: 2 }",
    "three { number: 1 text: 'a' maybe: 0 open: 7 } inner { three { open: NONE number: 0 } }",
    "three { number: 0 number: 0 text: '' text: 'a' open: 0 open: NONE open: 1 }",
    "inner { } three { } nothing { } plain { } parts { } parts { }",
    "needs { name: '' count: 0 part { } }",
    f"any {{ [{_ANY}.All] {{ i32: 1 }} }} inner {{ any {{ }} }}",
    f"any {{ type_url: '{_ANY}.All' value: '\\010\\001' }}",
    f"any {{ value: '' [{_ANY}.All] {{ i32: 1 }} }}",
    f"any {{ [{_ANY}.All] {{ }} value: '\\010\\001' }}",
)

REFUSED = (
    "i32: 2147483648",
    "i32: -2147483649",
    "i64: 9223372036854775808",
    "u32: -1",
    "u32: 4294967296",
    "u64: 18446744073709551616",
    "i32: '7'",
    "i32: '-2147483648'",
    "i32: '-2147483649'",
    "i64: '9223372036854775807'",
    "i64: '9223372036854775808'",
    "u32: '0'",
    "u32: '-1'",
    "double: '1e3'",
    "single: '-0.5'",
    "single: x",
    "double: -x",
    "double: 010",
    "flag: 'true'",
    "flag: 'false'",
    "flag: '1'",
    "flag: 2",
    "flag: -1",
    "flag: tru",
    "color: 1",
    "color: -1",
    "color: GREE",
    "color: -GREEN",
    "color: 'GREEN'",
    "color: 'GREN'",
    "color: BLUE",
    "color: 4294967299",
    "color: 2147483648",
    "colors: [RED, BLUE, 'RED']",
    "text: a",
    "text: -a",
    "text: -3",
    "text: 3.5",
    "data: 3",
    "text: '\\377'",
    "text: 'a' text: 'b'",
    "inner { } inner { }",
    "inner: 3",
    "inner: 'a'",
    "inner 3",
    "i32 { }",
    "i32: { }",
    "i32: [1]",
    "inner: [{ }]",
    "numbers [1]",
    "i32 [1]",
    "inner [{ }]",
    "numbers: [1, x, 2]",
    "parts: [{ }, 3]",
    "block { }",
    "Blocks { }",
    "BLOCK { }",
    "I32: 1",
    "one: 1 two { }",
    "two { } one: 1",
    "one: 1 one: 2",
    "one: 0 one: 0",
    "counts { key: 1 }",
    "counts { key: 'a' key: 'b' }",
    "three { number: 1 number: 1 }",
    "three { number: 0 number: 1 number: 0 }",
    "three { maybe: 0 maybe: 0 }",
    "three { open: MANY }",
    "[own.number]: 1 [own.number]: 2",
    "[own.number]: 0 [own.number]: 0",
    "[own.number]: 'a'",
    "[own.numbr]: 1",
    "[own.Extra]: { }",
    "[own.Extr] { }",
    "[own.Extr.ext] { }",
    "[own.Extra.of_plain]: 1",
    "[own.Plane.ext] { }",
    "[nothing.like.it] { }",
    "plain { [own.number]: 1 }",
    "plain { [own.Extra.ext] { } }",
    "plain { x: 1 }",
    "nothing { x: 1 }",
    "nothing { [own.number]: 1 }",
    "lists { x: 1 }",
    "many { x: 1 }",
    "needs { }",
    "needs { name: 'a' }",
    "needs { count: 1 part { } }",
    "needs { name: 'a' count: 1 }",
    "needs { nam: 'a' count: 1 }",
    "needs { part { x: 1 } }",
    "needs { part { } }\nneeds: { count: 1 }",
    "[own.more] { needs { } }",
    f"any {{ [{_ANY}.Needs] {{ }} }}",
    f"any {{ [{_ANY}.Neds] {{ }} }}",
    f"any {{ [{_ANY}.needs] {{ }} }}",
    f"any {{ [{_ANY}.Nothing.At.All] {{ }} }}",
    "any { [own.com/own.All] { } }",
    "any { [own.com/own.Al] { } }",
    f"any {{ [{_ANY}.All]: 'a' 'b' }}",
    f"any {{ [{_ANY}.All]: [ ] }}",
    f"any {{ [{_ANY}.All]: -3 }}",
    f"any {{ [{_ANY}.All] {{ }} [{_ANY}.All] {{ }} }}",
    f"any {{ [{_ANY}.All] {{ }} type_url: 'x' }}",
    f"any {{ [{_ANY}.All] {{ i32: 1 }} value: 'x' }}",
    f"any {{ [{_ANY}.All] {{ }} type_url: '' }}",
    f"any {{ [{_ANY}.All] {{ i32: 1 }} value: '' }}",
    f"any {{ value: 'x' [{_ANY}.All] {{ }} }}",
    f"any {{ type_url: '{_ANY}.All' [{_ANY}.All] {{ }} }}",
    f"any {{ value: 3 [{_ANY}.All] {{ }} }}",
    f"any {{ valu: '' [{_ANY}.All] {{ }} }}",
    f"any {{ value: 'a' value: 'b' [{_ANY}.All] {{ }} }}",
    "any { x: 1 }",
    "any { [own.Extra] { } }",
    "any { [own.Extra.ext] { } }",
    "any { [own.Extr.ext] { } }",
    f"[{_ANY}.Extra] {{ }}",
    f"[{_ANY}.All] {{ }}",
    f"inner {{ [{_ANY}.Extra]: {{ }} }}",
)


class Definitions:
    """What the pool knows."""

    def message(self, full_name: str) -> Descriptor | None:
        with suppress(KeyError):
            return own_pool().FindMessageTypeByName(full_name)
        return None

    def extension(self, full_name: str) -> FieldDescriptor | None:
        with suppress(KeyError):
            return own_pool().FindExtensionByName(full_name)
        return None


def schema(root: str = "All") -> Schema:
    """Made anew for each text, so that nothing is known from the text before."""
    names = ("All", "Needs", "Nothing", "Plain", "Listed", "TooMany", "Extra", "Three")
    descriptor = own_pool().FindMessageTypeByName(f"own.{root}")
    return Schema(descriptor, Definitions(), lambda: [f"own.{name}" for name in names])


def bound(text: str, root: str = "All") -> tuple[BoundMessage, list[Problem]]:
    document = parse(Source("graph.pbtxt", text))
    message, misfits = bind(document, schema(root))
    return message, [*document.problems, *misfits]


def by_protobuf(text: str) -> Any:
    message = GetMessageClass(own_pool().FindMessageTypeByName("own.All"))()
    return text_format.Parse(text, message, descriptor_pool=own_pool())


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_is_taken_means_what_it_means_to_protobuf(text: str) -> None:
    message, problems = bound(text)
    assert problems == []
    assert message.message == by_protobuf(text)


@pytest.mark.parametrize("text", [text for text in ACCEPTED if not text.startswith("named")])
def test_it_reads_as_protobuf_reads_it(text: str) -> None:
    message, _ = bound(text)
    for part in messages_in(message):
        assert_alike(part.reading, part.message)


def test_a_map_of_messages_reads_as_protobuf_reads_it() -> None:
    message, _ = bound("named { key: 1 value { i32: 1 } } named { key: 2 } named { key: 1 value { i32: 2 } }")
    assert {key: value["i32"] for key, value in message.reading["named"].items()} == {1: 2, 2: 0}


def test_cpp_takes_and_refuses_the_same() -> None:
    refused = [text for text in REFUSED if text != "text: '\\377'"]  # that it logs, and takes
    answers = cpp([text.encode() for text in (*ACCEPTED, *refused)], own_pool().FindMessageTypeByName("own.All"))
    assert [answer.message for answer in answers] == [*map(by_protobuf, ACCEPTED), *[None] * len(refused)]
    for text, answer in zip(refused, answers[len(ACCEPTED) :], strict=True):
        problems = bound(text)[1]
        if len(problems) == 1 and problems[0].kind != "missing-required-field":
            assert problems[0].protobuf in answer.reason, text


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("0.1", 0.10000000149011612),
        ("3.4028234663852886e38", 3.4028234663852886e38),
        ("3.4028235677973366e38", 3.4028234663852886e38),
        ("3.402823567797337e38", math.inf),
        ("-3.4028235677973366e38", -3.4028234663852886e38),
        ("-1e39", -math.inf),
        ("1e400", math.inf),
        ("-inf", -math.inf),
    ],
)
def test_a_float_is_rounded_as_cpp_does_it(written: str, held: float) -> None:
    message, problems = bound(f"single: {written} double: {written}")
    assert problems == []
    assert message.message.single == held
    assert message.message.double == float(written)


def test_no_number() -> None:
    message, problems = bound("single: nan double: -NaN")
    assert problems == []
    assert math.isnan(message.message.single)
    assert math.isnan(message.message.double)


@pytest.fixture(scope="module")
def kept() -> set[str]:
    return set(KEPT.read_text(encoding="utf-8").rstrip("\n").split("\n\n"))


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_said_is_as_reviewed(text: str, kept: set[str]) -> None:
    assert said(text).rstrip("\n") in kept


def said(text: str) -> str:
    return said_of(Source("graph.pbtxt", text), bound(text)[1])


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("i32: 1 i32: 2 text: 'a'", "i32: 1 text: 'a'"),
        ("one: 1 two { } text: 'a'", "one: 1 text: 'a'"),
        ("i32: [1] numbers: [1, x, 2] color: BLUE parts { x: 1 i32: 2 }", "numbers: [1, 2] parts { i32: 2 }"),
        ("inner: 3 i32 { } x: 1 [own.number]: 'a' [own.x]: 1 text: 'a'", "text: 'a'"),
        (f"any {{ x: 1 [{_ANY}.All] {{ i32: 1 }} [{_ANY}.All] {{ }} }}", f"any {{ [{_ANY}.All] {{ i32: 1 }} }}"),
        (f"any {{ value: 'x' [{_ANY}.All] {{ i32: 1 }} }}", "any { value: 'x' }"),
        (f"any {{ [{_ANY}.All] {{ i32: 1 }} value: 'x' }}", f"any {{ [{_ANY}.All] {{ i32: 1 }} }}"),
    ],
)
def test_what_fits_is_held_all_the_same(text: str, held: str) -> None:
    message, problems = bound(text)
    assert problems
    assert message.message == by_protobuf(held)


def test_the_whole_text_may_lack_fields() -> None:
    message, problems = bound("name: 'a'", root="Needs")
    assert [(problem.kind, problem.start, problem.end, problem.help) for problem in problems] == [
        ("missing-required-field", 0, 0, "add count: …"),
        ("missing-required-field", 0, 0, "add part: { … }"),
    ]
    assert (message.start, message.end) == (0, len("name: 'a'"))


def test_problems_are_told_in_the_order_of_the_text() -> None:
    _, problems = bound("needs { part { x: 1 } } y: 2")
    assert [problem.kind for problem in problems] == [
        "missing-required-field", "missing-required-field", "unknown-field", "unknown-field",
    ]  # fmt: skip
    assert [problem.start for problem in problems] == sorted(problem.start for problem in problems)


if __name__ == "__main__":
    KEPT.write_text("\n".join(map(said, REFUSED)), encoding="utf-8")
