"""Every rule there is, found by looking at the family folders, and which of them are asked about what.

A family says in its ``__init__`` when its rules have something to look at: ``concerns(seen, deployment)``, always if it has
no such function. The rules of a family that is not concerned are neither imported nor asked, nor those others whose own
facts tell that they have nothing to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.rules.listed import Listed, all_codes, all_listed
from graphval.rules.mechanism import Level, Rule

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext, Seen

_HERE = Path(__file__).parent
_APART = frozenset({"text", "exercise"})
"""Families of rules that are asked nothing, since others make their findings: a sound graph needs none of them."""
_OF_PREPARED_NODES = frozenset({"genai", "models", "python"})
"""Families whose rules about nodes are about those only that OVMS prepares at load (its node initialisers)."""

Families = frozenset[str]


@cache
def all_rules() -> dict[str, Rule]:
    """All rules by code, in order of their codes, imported from the folders themselves."""
    rules: dict[str, Rule] = {}
    for rule in sorted((rule for found in _modules().values() for rule in found), key=lambda r: r.code):
        if rule.code in rules:
            raise ValueError(f"two rules have the code {rule.code}: {rules[rule.code].name} and {rule.name}")
        rules[rule.code] = rule
    return rules


def unlisted_rules() -> dict[str, Rule]:
    """Rules by code that lie in the folders and are not listed: nobody asks them until ``python3 workshop.py docs`` has
    entered them."""
    return {code: rule for code, rule in all_rules().items() if code not in all_codes()}


def listed_rules() -> list[Listed]:
    """What :mod:`graphval.rules.listed` is to know of all rules, read from the rules themselves."""
    found = [
        Listed(
            rule.code,
            rule.name,
            family,
            module,
            rule.level.value,
            list(rule.kinds),
            list(rule.written),
            list(rule.signs),
            list(rule.prepared_as),
            sorted(rule.calculators),
        )
        for (family, module), rules in _modules().items()
        for rule in rules
    ]
    return sorted(found)


@cache
def _modules() -> dict[tuple[str, str], tuple[Rule, ...]]:
    """The rules in each file of each family. A module that defines ``RULE`` is a rule; ``RULES`` is a tuple of rules that
    share one text."""
    found: dict[tuple[str, str], tuple[Rule, ...]] = {}
    for family in _families():
        for stem in sorted(file.stem for file in (_HERE / family).iterdir() if file.suffix == ".py"):
            if stem != "__init__":
                module = import_module(f"{__package__}.{family}.{stem}")
                found[family, stem] = (module.RULE,) if hasattr(module, "RULE") else getattr(module, "RULES", ())
    return found


def find_rule(word: str) -> Rule | None:
    """The rule of a code or name, without importing any other."""
    named = (word.upper(), word.lower())
    return next((rule.rule() for rule in all_listed() if rule.code == named[0] or rule.name == named[1]), None)


class Panel:
    """The rules of some families, by what they are asked about: a deployment, a graph, or a node; in order of their
    codes. They are imported when there is something to ask them."""

    def __init__(self, families: Families) -> None:
        rules = [rule for rule in all_listed() if rule.family in families]
        self.of_deployments = tuple(rule.rule() for rule in rules if rule.level == Level.DEPLOYMENT.value)
        self.of_graphs = tuple(rule for rule in rules if rule.level == Level.GRAPH.value)
        self.of_nodes = tuple(rule for rule in rules if rule.level == Level.NODE.value)
        self._fields = frozenset(field for rule in (*self.of_graphs, *self.of_nodes) for field in rule.written)
        self._calculators = frozenset(name for rule in self.of_nodes for name in rule.calculators)

    def fields_that_matter(self, written: Iterable[str]) -> frozenset[str]:
        """Of the fields that are written in a graph those on which rules depend."""
        return self._fields.intersection(written)

    def about_graph(self, fields: frozenset[str], signs: frozenset[str]) -> tuple[Rule, ...]:
        """The rules that have something to look at in a graph with these fields that shows these signs."""
        return _about_graph(self, fields, signs)

    def about_node(self, calculator: str, prepared_as: str | None, fields: frozenset[str]) -> tuple[Rule, ...]:
        """The rules that have something to look at in a node of such a graph. ``calculator`` is its registered name,
        ``prepared_as`` the kind of node as which OVMS prepares it, ``None`` where it does not."""
        return _about_node(self, calculator if calculator in self._calculators else "", prepared_as, fields)


@lru_cache(maxsize=1000)
def _about_graph(panel: Panel, fields: frozenset[str], signs: frozenset[str]) -> tuple[Rule, ...]:
    rules = _hinging_on(fields, panel.of_graphs)
    return tuple(rule.rule() for rule in rules if not rule.signs or not signs.isdisjoint(rule.signs))


@lru_cache(maxsize=1000)
def _about_node(panel: Panel, calculator: str, prepared_as: str | None, fields: frozenset[str]) -> tuple[Rule, ...]:
    return tuple(
        rule.rule()
        for rule in _hinging_on(fields, panel.of_nodes)
        if (not rule.calculators or calculator in rule.calculators)
        and (not rule.prepared_as or prepared_as in rule.prepared_as)
        and (prepared_as is not None or rule.family not in _OF_PREPARED_NODES)
    )


def _hinging_on(fields: frozenset[str], rules: Iterable[Listed]) -> Iterator[Listed]:
    return (rule for rule in rules if not rule.written or not fields.isdisjoint(rule.written))


@cache
def panel(families: Families) -> Panel:
    """The rules of these families."""
    return Panel(families)


def import_usual() -> None:
    """Import the rules that are asked about an ordinary graph, so that they are at hand."""
    usual = panel(frozenset([name for name, concerns in _conditions().items() if concerns is None]))
    usual.about_graph(frozenset(), frozenset())
    usual.about_node("", None, frozenset())


def concerned(deployment: DeploymentContext) -> Families:
    """The families whose rules have something to look at in a deployment or one of its graphs."""
    seen = deployment.seen()
    conditions = _conditions().items()
    return frozenset([name for name, concerns in conditions if concerns is None or concerns(seen, deployment)])


@cache
def _conditions() -> dict[str, Callable[[Seen, DeploymentContext], bool] | None]:
    """What each family of judging rules says about when it is concerned."""
    modules = {name: import_module(f"{__package__}.{name}") for name in _families() if name not in _APART}
    return {name: getattr(module, "concerns", None) for name, module in modules.items()}


@cache
def _families() -> tuple[str, ...]:
    return tuple(sorted(folder.name for folder in _HERE.iterdir() if (folder / "__init__.py").is_file()))


@cache
def rule_about(kind: str) -> Rule:
    """The rule that reports a kind of text problem. Raises :class:`KeyError` where none does."""
    return _by_kind()[kind].rule()


def kinds() -> frozenset[str]:
    """The kinds of text problems that rules report."""
    return frozenset(_by_kind())


@cache
def _by_kind() -> dict[str, Listed]:
    return {kind: rule for rule in all_listed() for kind in rule.kinds}
