"""Where a TOML text says what it says: held to ``tomllib`` on a table and on generated texts."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.settings.toml_places import toml_places

TEXTS = {
    "nothing": "",
    "comments": "# a\n\n   # b",
    "keys": "a = 1\n\"b c\" = \"x\" # y\n'd' = ''\nd2 . e = true\r\n-1 = -1.5e3",
    "tables": "[a]\nb = 1\n[a.c]\nd = [1, 2]\n['e'.\"f\"]\n[ g . h ]\ni=1979-05-27T07:32:00Z",
    "arrays of tables": "[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n[[a.e]]\nf = 3\n[[a.e]]\nf = 4",
    "inline": 'a = { b = 1, c = { d.e = "}" }, f = [{ g = 1 }, { g = 2 }] } # x',
    "nested lists": "a = [\n  [1, 2], # ]\n  [],\n  ['x', \"]\"],\n]\nb = []",
    "long strings": "a = \"\"\"\nx \"\" \\\" y\"\"\"\nb = '''x '' = [ '''\nc = \"\"\"\"q\"\"\"\"\"\nd = '''''q'''''",
    "escapes": r'"a\"b" = "c\"d"' + "\n'c\\' = 1",
}


def paths(value: Any, at: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Any]:
    """Every path of a value."""
    found: dict[tuple[str | int, ...], Any] = {at: value} if at else {}
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        found |= paths(inner, (*at, key))
    return found


def check(text: str) -> None:
    expected = paths(tomllib.loads(text))
    places = toml_places(text)
    assert set(places) == set(expected)
    for path, place in places.items():
        value = expected[path]
        if not isinstance(path[-1], int):
            written = text[place.key_start : place.key_end]
            assert list(tomllib.loads(f"{written} = 1")) == [path[-1]]
        written = text[place.start : place.end]
        is_header = (place.start, place.end) == (place.key_start, place.key_end) and not isinstance(path[-1], int)
        if not is_header and (not isinstance(value, dict) or written.startswith("{")):
            assert tomllib.loads(f"value = {written}")["value"] == value


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_value_is_where_it_is_written(text: str) -> None:
    check(text)


_keys = st.text("ab\"'. #=]", min_size=1, max_size=4) | st.sampled_from(["a", "b-c", "1"])
_scalars = st.booleans() | st.integers(-9, 9) | st.text("ab\"'\\#]}=,\n", max_size=5)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=8,
)
_blanks = st.sampled_from(["", " ", "\t "])


@st.composite
def _texts(draw: st.DrawFn) -> str:
    """A TOML text with tables, dotted keys and all kinds of values, loosely laid out."""
    lines = []
    for table in ("", *draw(st.lists(_keys, max_size=3, unique=True))):
        if table:
            lines.append(f"{draw(_blanks)}[{draw(_blanks)}{_key(table)}x]" if table.isalnum() else f"[{_key(table)}]")
        for key, value in draw(st.dictionaries(_keys, _values, max_size=3)).items():
            name = _key(key) if table else _key(f"top {key}")
            lines.append(f"{draw(_blanks)}{name}{draw(_blanks)}={draw(_blanks)}{_value(value)}{draw(_blanks)}# ]}}")
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


def _key(text: str) -> str:
    return text if text.replace("-", "").isalnum() and text.isascii() else json.dumps(text)


def _value(value: Any) -> str:
    match value:
        case bool() | int():
            return str(value).lower()
        case str() if "'" not in value and value.isprintable():
            return f"'{value}'"
        case str():
            return json.dumps(value)
        case list():
            return f"[ {', '.join(map(_value, value))}{',' if value else ''} ]"
        case _:
            return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"


@settings(max_examples=300, deadline=None)
@given(_texts())
def test_generated_texts(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    check(text)
