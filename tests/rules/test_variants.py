"""What is said of nodes that differ from a sound one by a port or an option is what was reviewed (see ``vary``)."""

from __future__ import annotations

import pytest

from .nodes_in_short import said
from .vary import TABLES, kept, text_of, variants_in

KEPT = kept()


@pytest.mark.parametrize("table", TABLES)
def test_what_is_said_of_nodes_is_as_reviewed(table: str) -> None:
    reviewed = {calculator: KEPT[calculator] for calculator in TABLES[table]}
    found = {calculator: text_of(said(calculator, variants_in(text))) for calculator, text in reviewed.items()}
    assert found == reviewed


def test_every_calculator_with_checks_is_asked() -> None:
    assert {name for table in TABLES.values() for name in table} == set(KEPT)
