"""Records are found by their whole name, at every place of a file, and decoded when they are asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphval.catalog import records
from graphval.catalog.records import DATA, json_of, names, record, text_of
from graphval.catalog.records import records as all_records

FILES = sorted(path.name for path in DATA.glob("*.txt"))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(records, "DATA", tmp_path)
    text_of.cache_clear()
    json_of.cache_clear()
    (tmp_path / "things.txt").write_text('a\t1\nab\t{"k": "b\\t"}\nb\t[2]\nlast\tnull\n', encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    text_of.cache_clear()
    json_of.cache_clear()


@pytest.mark.parametrize(
    ("name", "value"), [("a", 1), ("ab", {"k": "b\t"}), ("b", [2]), ("last", None), ("k", None), ("las", None)]
)
def test_by_name(data: Path, name: str, value: object) -> None:
    assert record("things.txt", name) == value


def test_a_record_without_a_name(data: Path) -> None:
    assert record("things.txt", "") is None
    (data / "more.txt").write_text('\t"nameless"\na\t1\n', encoding="utf-8")
    assert record("more.txt", "") == "nameless"
    assert names("more.txt") == ["", "a"]
    assert all_records("more.txt") == {"": "nameless", "a": 1}


def test_all_of_them(data: Path) -> None:
    assert all_records("things.txt") == {"a": 1, "ab": {"k": "b\t"}, "b": [2], "last": None}


@pytest.mark.parametrize("file", FILES)
def test_each_file_of_the_catalog(file: str) -> None:
    every = all_records(file)
    assert list(every) == names(file)
    assert len(set(every)) == len(every)
    assert names(file) == sorted(names(file))
    for name, value in every.items():
        assert record(file, name) == value


@pytest.mark.parametrize("file", sorted(path.name for path in (DATA / "releases").glob("*.json")))
def test_each_document(file: str) -> None:
    assert json_of(f"releases/{file}") == json.loads((DATA / "releases" / file).read_text("utf-8"))


def test_a_file_is_read_once(data: Path) -> None:
    assert record("things.txt", "a") == 1
    (data / "things.txt").unlink()
    assert record("things.txt", "b") == [2]
