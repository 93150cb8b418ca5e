"""The writer of indented JSON says what Python's own says, byte by byte."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graphval.findings import Rung
from graphval.report.indented import in_pieces, indented

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(Rung)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_same_as_python(value: Any) -> None:
    assert indented(value) == "".join(in_pieces(value)) == json.dumps(value, indent=2)


@given(st.lists(VALUES, max_size=3).map(tuple))
def test_tuples_are_lists(value: tuple[Any, ...]) -> None:
    assert indented(value) == "".join(in_pieces(value)) == json.dumps(value, indent=2)
