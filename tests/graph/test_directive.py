"""The comment by which OVMS is asked for a pool of graphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.graph.directive import read_directive
from graphval.textproto import Source

NAME = "OVMS_GRAPH_QUEUE_MAX_SIZE"

VALUES: list[tuple[str, int | str | None, bool]] = [
    ("AUTO", "AUTO", True),
    ("1", 1, True),
    ("2", 2, True),
    ("+2", 2, True),
    ("007", 7, True),
    ("2147483647", 2**31 - 1, True),
    ("0", 0, False),
    ("-0", 0, False),
    ("-1", -1, False),
    ("-2147483648", -(2**31), False),
    ("2147483648", None, False),
    ("0" * 5000 + "3", 3, True),
    ("9" * 5000, None, False),
    ("auto", None, False),
    ("Auto", None, False),
    ("1.5", None, False),
    ("1e3", None, False),
    ("0x10", None, False),
    ("1_000", None, False),
    ("٣", None, False),
    ("²", None, False),
    ("two", None, False),
    ('"2"', None, False),
    ("+", None, False),
]


@pytest.mark.parametrize(("value", "size", "pool"), VALUES, ids=[value[:12] for value, _, _ in VALUES])
def test_values(value: str, size: int | str | None, pool: bool) -> None:
    directive = read_directive(Source("graph.pbtxt", f"# {NAME}: {value}\n"))
    assert directive is not None
    assert (directive.value, directive.size, directive.makes_pool) == (value, size, pool)
    assert directive.place.text == value


LINES = [
    (f"# {NAME}: 2", True),
    (f"#{NAME}:2", True),
    (f"  \t#\t{NAME} \t:\t2 \t", True),
    (f"# {NAME}: 2\r", True),
    (f"# {NAME} 2", False),
    (f"# {NAME}:", False),
    (f"# {NAME}: 2 graphs", False),
    (f"## {NAME}: 2", False),
    (f"# please: {NAME}: 2", False),
    (f"# {NAME.lower()}: 2", False),
    ("# OVMS_GRAPH_QUEUE_SIZE: 2", False),
    (f"{NAME}: 2", False),
    (f'node {{ name: "a" }} # {NAME}: 2', False),
]


@pytest.mark.parametrize(("line", "counts"), LINES)
def test_only_a_comment_line_of_that_very_form_counts(line: str, counts: bool) -> None:
    text = f'input_stream: "a"\n{line}\noutput_stream: "a"\n'
    assert (read_directive(Source("graph.pbtxt", text)) is not None) is counts


def test_the_first_one_counts() -> None:
    directive = read_directive(Source("graph.pbtxt", f"# {NAME}: wrong\n# {NAME}: 3\n"))
    assert directive is not None
    assert directive.value == "wrong"


def test_its_place_is_the_value() -> None:
    directive = read_directive(Source("graph.pbtxt", f'input_stream: "a"\n  # {NAME}:  AUTO\n'))
    assert directive is not None
    span = directive.place.span
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 33, 2, 37)


@given(st.lists(st.sampled_from(["#", NAME, ":", " ", "\t", "\r", "\n", "AUTO", "2", "-", "é"]), max_size=12))
def test_what_is_found_stands_where_its_place_says(pieces: list[str]) -> None:
    text = "".join(pieces)
    directive = read_directive(Source("graph.pbtxt", text))
    if directive is not None:
        assert directive.place.text == directive.value
        assert directive.value.split() == [directive.value]
