"""What is known of every rule before it is imported: two tables beside this file, written by
``tools/make_rule_pages.py``, in which every rule stands. To import all rules takes longer than to judge some graphs."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from graphval.rules.mechanism import Rule

LISTED = Path(__file__).parent / "listed.json"
"""A row for each rule: the fields of :class:`Listed`."""
RELEASES = Path(__file__).parent / "releases.json"
"""What each rule says to its own bad example under each release that there is a catalog for."""


class Listed(NamedTuple):
    """A rule that need not be imported yet: where it is, and what tells whether it is to be asked (see
    :class:`~graphval.rules.mechanism.Rule`), in lists as JSON gives them."""

    code: str
    name: str
    family: str
    module: str
    level: str
    kinds: list[str]
    written: list[str]
    signs: list[str]
    prepared_as: list[str]
    calculators: list[str]

    def rule(self) -> Rule:
        """The rule itself."""
        return _imported(self.family, self.module, self.code)


@cache
def _imported(family: str, module: str, code: str) -> Rule:
    found = import_module(f"{__package__}.{family}.{module}")
    own: tuple[Rule, ...] = (found.RULE,) if hasattr(found, "RULE") else found.RULES
    return next(rule for rule in own if rule.code == code)


@cache
def all_listed() -> tuple[Listed, ...]:
    """All rules in order of their codes."""
    return tuple([Listed(*row) for row in json.loads(LISTED.read_text(encoding="utf-8"))])


@cache
def all_codes() -> frozenset[str]:
    """The code of every rule."""
    return frozenset(rule.code for rule in all_listed())
