"""Single faults: each rule kills its own mutant.

A *fault* is one mistake that can be put into a good graph. ``test_faults`` puts every fault into every good graph that
can take it and holds that exactly the fault's rule speaks up: the rule fires, and nothing else does.

To add faults for a family of rules, add a file with the family's name (the folder in ``graphval/rules``) that defines
``FAULTS``; it is found by its name, and from then on each rule of that family needs a fault. A fault is made of its
rule's code, a title, and a function from a good graph to the texts with the mistake in it: none where the graph has no
place for it. ``editing`` has what most of them need, ``graphs`` has the good graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from .graphs import Good


@dataclass(frozen=True)
class Fault:
    """One kind of mistake. ``beside``: codes of warnings that a careful author would want to see as well."""

    code: str
    title: str
    into: Callable[[Good], Iterable[str]]
    beside: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


def families() -> dict[str, tuple[Fault, ...]]:
    """The faults of each family that has any."""
    rules = Path(__file__).parents[3] / "graphval" / "rules"
    return {
        file.stem: import_module(f"{__name__}.{file.stem}").FAULTS
        for file in sorted(Path(__file__).parent.glob("*.py"))
        if (rules / file.stem).is_dir()
    }
