"""What a code means, in words: the text of ``graphval explain`` and of the pages in ``docs/rules``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from graphval.findings import Effect, Phase
from graphval.report.words import moment, outcome
from graphval.rules.listed import RELEASES
from graphval.rules.mechanism import Level, Rule


@dataclass(frozen=True, slots=True)
class InReleases:
    """The releases from ``first`` to ``last``, in which a rule finds its bad example with the same phase and effect."""

    first: str
    last: str
    phase: Phase
    effect: Effect


def explanation(rule: Rule) -> str:
    """All there is to say about a rule: a headline, its summary, when OVMS notices and what it does, then its text."""
    summary, _, text = rule.doc.strip().partition("\n\n")
    facts = "\n".join(f"{name + ':':9} {value}" for name, value in facts_of(rule))
    return f"{rule.code} {rule.name} ({rule.severity.value})\n\n{summary}\n\n{facts}\n\n{text}\n"


def page(rule: Rule) -> str:
    """The same as a page of Markdown."""
    summary, _, text = rule.doc.strip().partition("\n\n")
    rows = "\n".join(f"| {name} | {value} |" for name, value in (("severity", rule.severity.value), *facts_of(rule)))
    return f"# {rule.code} {rule.name}\n\n{summary}\n\n| | |\n|---|---|\n{rows}\n\n{text}\n"


def facts_of(rule: Rule) -> Iterator[tuple[str, str]]:
    """When OVMS notices the mistake, what it then does, and in which releases, each in words."""
    found = releases_of(rule)
    yield "when", _when(rule, rule.phase, rule.effect)
    yield "then", outcome(rule.phase, rule.effect)
    if found:
        yield "releases", "; ".join(_in_words(rule, one, len(found) > 1) for one in found)


def releases_of(rule: Rule) -> tuple[InReleases, ...]:
    """Where the rule's own bad example is found, oldest releases first; empty for what files do not show."""
    return tuple(
        InReleases(first, last, Phase(phase), Effect(effect))
        for first, last, phase, effect in _by_release().get(rule.code, ())
    )


@cache
def _by_release() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = json.loads(RELEASES.read_text(encoding="utf-8"))["rules"]
    return found


def _when(rule: Rule, phase: Phase, effect: Effect) -> str:
    if rule.level is Level.INPUT:
        return "graphval looks at the paths it was given"
    return moment(phase, effect)


def _in_words(rule: Rule, one: InReleases, several: bool) -> str:
    span = one.first if one.first == one.last else f"{one.first} to {one.last}"
    if not several and (one.phase, one.effect) == (rule.phase, rule.effect):
        return span
    return f"{span}: {_when(rule, one.phase, one.effect)}, and {outcome(one.phase, one.effect)}"


_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)


def headings(rule: Rule) -> list[str]:
    """The headings of a rule's text, in order."""
    return _SECTION.findall(rule.doc)
