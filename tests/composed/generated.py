"""Graphs by number: the same number makes the same graph."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.composed.compose import sound_graph
from tests.composed.mistakes import spoil


@dataclass(frozen=True)
class Generated:
    """A graph and the mistakes that were put into it."""

    number: str
    text: str
    mistakes: tuple[str, ...]


def generated(seed: int, number: int) -> Generated:
    """One in six is sound, one in three has two mistakes, the others one."""
    random = Random(f"{seed}-{number}")
    draft = sound_graph(random)
    mistakes = spoil(random, draft, (0, 1, 1, 1, 2, 2)[number % 6])
    return Generated(f"{seed}-{number}", draft.text, tuple(mistakes))
