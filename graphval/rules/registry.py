"""Every rule there is, found by looking at the family folders."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from graphval.rules.mechanism import Level, Rule


@cache
def all_rules() -> dict[str, Rule]:
    """All rules by code, in order of their codes.

    A module of a family folder that defines ``RULE`` is a rule; ``RULES`` is a tuple of rules that share one text.
    """
    here = Path(__file__).parent
    found: list[Rule] = []
    for file in sorted(here.glob("*/*.py")):
        if file.name == "__init__.py":
            continue
        module = import_module(f"{__package__}.{file.parent.name}.{file.stem}")
        rule = getattr(module, "RULE", None)
        found += (rule,) if rule is not None else getattr(module, "RULES", ())
    rules: dict[str, Rule] = {}
    for rule in sorted(found, key=lambda r: r.code):
        if rule.code in rules:
            raise ValueError(f"two rules have the code {rule.code}: {rules[rule.code].name} and {rule.name}")
        rules[rule.code] = rule
    return rules


@cache
def rules_at(level: Level) -> tuple[Rule, ...]:
    """The rules of one level, in order of their codes."""
    return tuple(rule for rule in all_rules().values() if rule.level is level)


@cache
def text_rules_by_kind() -> dict[str, Rule]:
    """The rule that reports each kind of text problem."""
    return {kind: rule for rule in rules_at(Level.TEXT) for kind in rule.kinds}
