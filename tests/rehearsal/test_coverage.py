"""The table of what a rehearsal runs is what the code decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval import catalog
from graphval.rehearsal.coverage import BEGIN, END, Treatment, put, rows, table

PAGE = Path(__file__).parents[2] / "docs" / "rehearsal.md"


def test_the_page_holds_the_table_of_the_newest_release() -> None:
    text = PAGE.read_text()
    assert put(text, table(catalog.load())) == text


def test_every_calculator_has_one_row_and_a_reason_where_it_is_not_exercised() -> None:
    release = catalog.load()
    found = list(rows(release))
    assert [row.name for row in found] == sorted(release.calculators | release.subgraphs)
    assert all(bool(row.reason) == (row.treatment is Treatment.NOT_EXERCISED) for row in found)


def test_a_page_without_marks_is_not_written_to() -> None:
    with pytest.raises(ValueError, match="marks"):
        put("no marks", "x")
    assert put(f"a {BEGIN} old {END} b", "new") == f"a {BEGIN}\n\nnew\n{END} b"
