"""One mistake, one finding: what an engine saw becomes evidence of the static finding that already says it.

A server stops at the first mistake it meets and names it in its own words, so the two sides rarely agree in full. They
are taken to mean the same where they point at the same place, node or quoted name; where the server's words led
nowhere, an error of the same moment or the same effect explains them. Two mistakes in different nodes stay two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from graphval.findings import By, Finding, Phase, Severity, Span
from graphval.rules.exercise import creation_never_ends, request_never_ends

_ORDER = (Phase.PARSE, Phase.LOAD, Phase.CREATE, Phase.SERVE)
_PLACE, _NODE, _NAME, _PHASE, _EFFECT = 8, 4, 2, 1, 1
"""What each likeness of a static error to what was seen weighs: a place counts as much as all others together."""

_SILENT = frozenset({creation_never_ends.RULE.code, request_never_ends.RULE.code})
_QUOTED = re.compile(r'"([^"]+)"')


def fold(static: Sequence[Finding], seen: Iterable[Finding], engine: str) -> tuple[list[Finding], list[Finding]]:
    """The static findings, some now with evidence, and those of the engine that say something new."""
    kept, new = list(static), []
    for finding in seen:
        index = _explaining(kept, finding)
        if index is None:
            new.append(finding)
        else:
            kept[index] = _confirmed(kept[index], finding, engine)
    return kept, new


def contradicted(finding: Finding, engine: str) -> Finding:
    """A static error about a rung that the engine was shown to pass, marked so."""
    return finding._replace(evidence={**finding.evidence, "seen": f"the {engine} passed this rung"})


def _confirmed(finding: Finding, seen: Finding, engine: str) -> Finding:
    """The static finding, with what the engine showed as its evidence."""
    shown = {"seen": f"{engine}: {seen.message}", **seen.evidence}
    return finding._replace(evidence={**finding.evidence, **shown})


def _explaining(static: Sequence[Finding], seen: Finding) -> int | None:
    """The static error that best explains what was seen; of equals the first in the file."""
    if not _is_mistake(seen):
        return None
    weights = [_likeness(f, seen) if f.by is By.STATIC and _is_mistake(f) else 0 for f in static]
    best = max(weights, default=0)
    return weights.index(best) if best else None


def _is_mistake(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.phase in _ORDER


def _likeness(static: Finding, seen: Finding) -> int:
    """How well a static error explains what was seen; 0: not at all.

    A mistake of the deployment, such as a model that cannot be loaded, shows in the part of a graph that it relates to.
    """
    if static.graph != seen.graph:
        return _PLACE if static.graph is None and _meet(static, seen) else 0
    same_moment = static.phase is seen.phase
    same_effect = static.effect is seen.effect
    if seen.graph is None or Phase.PARSE in (static.phase, seen.phase):
        return _likeness_of_texts(static, seen)
    weight = _PHASE * same_moment + _EFFECT * same_effect
    if _is_vague(seen):
        return weight
    met = _PLACE * _meet(static, seen)
    if _ORDER.index(static.phase) <= _ORDER.index(seen.phase):
        met += _NODE * (static.node is not None and static.node == seen.node) + _NAME * _name_the_same(static, seen)
    return met + weight if met else 0


def _likeness_of_texts(static: Finding, seen: Finding) -> int:
    """A reader of text goes no further than its first mistake, and may notice it some lines below."""
    if {static.phase, seen.phase} - {Phase.PARSE, Phase.LOAD}:
        return 0
    if seen.graph is None or _is_vague(seen):
        return 1 + _PHASE * (static.phase is seen.phase)
    return _PLACE if _meet(static, seen) else 1 if _start(static.location) <= _start(seen.location) else 0


def _is_vague(seen: Finding) -> bool:
    """Whether nothing that the engine said led to a place: such a finding stands at the first character of the file. A
    server that hangs says nothing at all, so what it is placed at is only the most suspicious part of the graph."""
    if seen.code in _SILENT:
        return True
    at = seen.location
    return seen.node is None and (at.line, at.column, at.end_line) == (1, 1, 1) and at.end_column <= 2


def _meet(static: Finding, seen: Finding) -> bool:
    """Whether a place of the static finding and the place that was blamed share a line, and no two nodes are meant."""
    if static.node is not None and seen.node is not None and static.node != seen.node:
        return False
    at = seen.location
    return any(s.file == at.file and s.line <= at.end_line and at.line <= s.end_line for s in _places(static))


def _places(finding: Finding) -> Iterator[Span]:
    yield finding.location
    yield from (related.location for related in finding.related)


def _start(span: Span) -> tuple[int, int]:
    return span.line, span.column


def _name_the_same(static: Finding, seen: Finding) -> bool:
    """Whether both speak of one quoted thing: a stream, a side packet, a calculator, a value."""
    return bool(_quoted(f"{static.message} {static.label}") & _quoted(seen.message))


def _quoted(text: str) -> set[str]:
    """What a text quotes, with and without the tag and index that a name may be written with."""
    quoted = set(_QUOTED.findall(text))
    return quoted | {name.rpartition(":")[2] for name in quoted}
