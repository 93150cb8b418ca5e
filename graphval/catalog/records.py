"""The data files: one record a line, ``name<TAB>json``, found by text search and decoded only when asked for."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def text_of(name: str) -> str:
    """A data file with a line end before its first record, so that every record can be searched for alike."""
    return "\n" + (DATA / name).read_text("utf-8")


@cache
def json_of(name: str) -> Any:
    """A data file that is one JSON document."""
    return json.loads((DATA / name).read_text("utf-8"))


def record(file: str, name: str) -> Any | None:
    """The record of that name, or ``None``."""
    text = text_of(file)
    start = text.find(f"\n{name}\t")
    if start < 0:
        return None
    start += len(name) + 2
    return json.loads(text[start : text.index("\n", start)])


def names(file: str) -> list[str]:
    """The names of all records of a file, in its order."""
    return [line.partition("\t")[0] for line in text_of(file).split("\n") if line]


def records(file: str) -> dict[str, Any]:
    """All records of a file by name."""
    lines = (line.partition("\t") for line in text_of(file).split("\n") if line)
    return {name: json.loads(value) for name, _, value in lines}
