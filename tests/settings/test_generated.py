"""Whatever a settings file holds, it is either read or refused with places that lie in it, as the schema says."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.rules.registry import all_rules
from graphval.settings import SettingsError
from graphval.settings import file as file_module
from graphval.settings.file import read_settings

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(Path(file_module.__file__).with_name("schema.json").read_text(encoding="utf-8"))
)
NAMES = [*SCHEMA.schema["properties"], "GV2", "GV216", "options", "inputs", "BlurCalculator", "other"]
VALUES = ["error", "info", "default", "strict", "GV2", "GV501", "IMAGE", "IMAGE?", "", "acme.Blur", "2026.3", "x y"]

_scalar = st.booleans() | st.integers(-1, 3) | st.sampled_from(VALUES)
_value = st.recursive(
    _scalar,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=2),
    max_leaves=6,
)
_document = st.dictionaries(st.sampled_from(NAMES), _value, max_size=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings")


def as_toml(value: Any) -> str:
    match value:
        case bool() | int():
            return str(value).lower()
        case str():
            return json.dumps(value)
        case list():
            return "[" + ", ".join(map(as_toml, value)) + "]"
        case _:
            return "{ " + ", ".join(f"{json.dumps(key)} = {as_toml(inner)}" for key, inner in value.items()) + " }"


class Mistake(NamedTuple):
    line: int
    column: int
    said: str

    @property
    def schema_can_tell(self) -> bool:
        """A schema says what may be written, and nothing of the files that it names."""
        return not self.said.startswith("there is no file ")


def mistakes(folder: Path, text: str, name: str = "graphval.toml") -> list[Mistake]:
    """What is wrong with a settings file, and where."""
    file = folder / name
    file.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    try:
        read_settings(file, all_rules())
    except SettingsError as why:
        lines = str(why).removeprefix(f"{file}:").split(f"\n{file}:")
        found = [re.match(r"(\d+):(\d+): (\S.*)", line) for line in lines]
        assert all(found), lines
        return [Mistake(int(match[1]), int(match[2]), match[3]) for match in found if match is not None]
    return []


@settings(max_examples=200, deadline=None)
@given(_document)
def test_what_the_schema_allows_is_read_and_nothing_else(folder: Path, document: dict[str, Any]) -> None:
    text = "".join(f"{json.dumps(key)} = {as_toml(value)}\n" for key, value in document.items())
    assert tomllib.loads(text) == document
    found = mistakes(folder, text)
    assert any(mistake.schema_can_tell for mistake in found) != SCHEMA.is_valid(document)
    lines = text.split("\n")
    assert all(1 <= mistake.column <= len(lines[mistake.line - 1]) + 1 for mistake in found)
    places = [(mistake.line, mistake.column) for mistake in found]
    assert places == sorted(places)


def test_a_file_that_is_not_there_is_refused_though_the_schema_allows_its_name(folder: Path) -> None:
    document = {"samples": {"graph": "gone.json", "other": ["lost.npz"]}}
    SCHEMA.validate(document)
    text = "".join(f"{json.dumps(key)} = {as_toml(value)}\n" for key, value in document.items())
    assert mistakes(folder, text) == [(1, 25, "there is no file gone.json"), (1, 49, "there is no file lost.npz")]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab=\"'[]{}.,# \n\r\t1\\") | st.characters(), max_size=40))
def test_whatever_text_it_is(folder: Path, text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    for name in ("graphval.toml", "pyproject.toml"):
        lines = text.split("\n")
        body = text if name == "graphval.toml" else f"[tool.graphval]\n{text}"
        lines = body.split("\n")
        for line, column, _ in mistakes(folder, body, name):
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 2
