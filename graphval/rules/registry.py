"""Every rule there is, found by looking at the family folders.

A family says in its ``__init__`` when its rules have something to look at: ``concerns(deployment)``, always if it has
no such function. The rules of a family that is not concerned are neither imported nor asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.rules.mechanism import Level, Rule

if TYPE_CHECKING:
    from graphval.rules.context import DeploymentContext

_HERE = Path(__file__).parent
_APART = {"text": Level.TEXT, "exercise": Level.ENGINE}
"""Families whose rules are all of one level that no other family has: linting a sound graph need not import them."""
_OF_PREPARED_NODES = frozenset({"genai", "python"})
"""Families whose rules about nodes are about those only that OVMS prepares at load (its node initialisers)."""

Families = frozenset[str]


@cache
def all_rules() -> dict[str, Rule]:
    """All rules by code, in order of their codes."""
    rules: dict[str, Rule] = {}
    for rule in sorted((rule for family in _families() for rule in _family(family)), key=lambda r: r.code):
        if rule.code in rules:
            raise ValueError(f"two rules have the code {rule.code}: {rules[rule.code].name} and {rule.name}")
        rules[rule.code] = rule
    return rules


@cache
def _family(name: str) -> tuple[Rule, ...]:
    """The rules of one folder. A module that defines ``RULE`` is a rule; ``RULES`` is a tuple of rules that share one
    text."""
    found: list[Rule] = []
    for stem in sorted(file.stem for file in (_HERE / name).iterdir() if file.suffix == ".py"):
        if stem != "__init__":
            module = import_module(f"{__package__}.{name}.{stem}")
            rule = getattr(module, "RULE", None)
            found += (rule,) if rule is not None else getattr(module, "RULES", ())
    return tuple(found)


def find_rule(word: str) -> Rule | None:
    """The rule of a code or name, without importing those whose text does not hold it."""
    for file in sorted(_HERE.glob("*/*.py")):
        text = file.read_text(encoding="utf-8")
        if f'"{word.upper()}"' in text or f'"{word.lower()}"' in text:
            module = import_module(f"{__package__}.{file.parent.name}.{file.stem}")
            for rule in (getattr(module, "RULE", None), *getattr(module, "RULES", ())):
                if isinstance(rule, Rule) and (rule.code == word.upper() or rule.name == word.lower()):
                    return rule
    return None


@cache
def rules_at(level: Level, families: Families | None = None) -> tuple[Rule, ...]:
    """The rules of one level, in order of their codes: those of these families, by default of all."""
    chosen = [name for name in _families() if _APART.get(name) is level] or [
        name for name in _families() if name not in _APART and (families is None or name in families)
    ]
    found = (rule for family in chosen for rule in _family(family) if rule.level is level)
    return tuple(sorted(found, key=lambda rule: rule.code))


def concerned(deployment: DeploymentContext) -> Families:
    """The families whose rules have something to look at in a deployment or one of its graphs."""
    return frozenset(name for name, concerns in _conditions().items() if concerns is None or concerns(deployment))


@cache
def of_ordinary_nodes(families: Families) -> Families:
    """Of these families those that are about nodes which OVMS does not prepare, too."""
    return families - _OF_PREPARED_NODES


@cache
def _conditions() -> dict[str, Callable[[DeploymentContext], bool] | None]:
    """What each family of judging rules says about when it is concerned."""
    modules = {name: import_module(f"{__package__}.{name}") for name in _families() if name not in _APART}
    return {name: getattr(module, "concerns", None) for name, module in modules.items()}


@cache
def _families() -> tuple[str, ...]:
    return tuple(sorted(folder.name for folder in _HERE.iterdir() if (folder / "__init__.py").is_file()))


@cache
def text_rules_by_kind() -> dict[str, Rule]:
    """The rule that reports each kind of text problem."""
    return {kind: rule for rule in rules_at(Level.TEXT) for kind in rule.kinds}
