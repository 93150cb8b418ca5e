"""Every rule there is, found by looking at the family folders."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from graphval.rules.mechanism import Level, Rule

_HERE = Path(__file__).parent
_APART = {"text": Level.TEXT, "exercise": Level.ENGINE}
"""Families whose rules are all of one level that no other family has: linting a sound graph need not import them."""
_OF_PREPARED_NODES = frozenset({"genai", "python"})
"""Families about nodes that OVMS prepares at load (its node initialisers): without such a node none of them applies."""


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
    for file in sorted((_HERE / name).glob("*.py")):
        if file.name != "__init__.py":
            module = import_module(f"{__package__}.{name}.{file.stem}")
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
def rules_at(level: Level, *, prepared: bool = True) -> tuple[Rule, ...]:
    """The rules of one level, in order of their codes. ``prepared``: with those about nodes that OVMS prepares at load."""
    families = [name for name in _families() if _APART.get(name) is level]
    if not families:
        left_out = _APART.keys() if prepared else _APART.keys() | _OF_PREPARED_NODES
        families = [name for name in _families() if name not in left_out]
    found = (rule for family in families for rule in _family(family) if rule.level is level)
    return tuple(sorted(found, key=lambda rule: rule.code))


def _families() -> list[str]:
    return sorted(folder.name for folder in _HERE.iterdir() if (folder / "__init__.py").is_file())


@cache
def text_rules_by_kind() -> dict[str, Rule]:
    """The rule that reports each kind of text problem."""
    return {kind: rule for rule in rules_at(Level.TEXT) for kind in rule.kinds}
