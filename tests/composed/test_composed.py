"""On whole graphs made up at random, sound ones and ones with a mistake or two, the rules say what becomes of them.

``python -m tests.composed`` does the same with as many as one likes.
"""

from __future__ import annotations

import pytest

from tests.composed.comparison import compared
from tests.composed.generated import generated
from tests.composed.mistakes import MISTAKES

SEED, AT_ONCE = 2026, 150


@pytest.mark.parametrize("first", range(0, 4 * AT_ONCE, AT_ONCE))
def test_rules_and_framework_agree(first: int) -> None:
    graphs = (generated(SEED, number) for number in range(first, first + AT_ONCE))
    apart = [str(one) for one in compared(graphs) if not one.agree and not one.beyond_files]
    assert not apart, "\n".join(apart[:5])


def test_graphs_are_of_all_kinds() -> None:
    graphs = [generated(SEED, number) for number in range(4 * AT_ONCE)]
    assert {name for graph in graphs for name in graph.mistakes} == set(MISTAKES)
    assert [graph.text for graph in graphs] == [generated(SEED, number).text for number in range(4 * AT_ONCE)]
