"""One mistake, one finding: what an engine saw becomes evidence of the static finding that already says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from graphval.findings import By, Finding, Phase, Severity

_ORDER = (Phase.PARSE, Phase.LOAD, Phase.CREATE, Phase.SERVE)


def fold(static: Sequence[Finding], seen: Iterable[Finding], engine: str) -> tuple[list[Finding], list[Finding]]:
    """The static findings, some now with evidence, and those of the engine that say something new."""
    kept, new = list(static), []
    for finding in seen:
        index = _same(kept, finding)
        if index is None:
            new.append(finding)
        else:
            kept[index] = _confirmed(kept[index], finding, engine)
    return kept, new


def _confirmed(finding: Finding, seen: Finding, engine: str) -> Finding:
    """The static finding, with what the engine showed as its evidence."""
    shown = {"seen": f"{engine}: {seen.message}", **seen.evidence}
    return replace(finding, evidence={**finding.evidence, **shown})


def contradicted(finding: Finding, engine: str) -> Finding:
    """A static error about a rung that the engine was shown to pass, marked so."""
    return replace(finding, evidence={**finding.evidence, "seen": f"the {engine} passed this rung"})


def _same(static: Sequence[Finding], seen: Finding) -> int | None:
    """The static error that explains what was seen: the nearest in place among those not later than it."""
    if seen.severity is not Severity.ERROR or seen.phase not in _ORDER:
        return None
    best: tuple[int, int] | None = None
    for index, finding in enumerate(static):
        if finding.by is not By.STATIC or finding.severity is not Severity.ERROR or finding.phase not in _ORDER:
            continue
        if finding.graph != seen.graph and finding.graph is not None:
            continue
        weight = _likeness(finding, seen)
        if weight and (best is None or weight > best[0]):
            best = (weight, index)
    return best[1] if best is not None else None


def _likeness(static: Finding, seen: Finding) -> int:
    """How well a static finding explains what was seen; 0: not at all."""
    if static.phase not in _ORDER or _ORDER.index(static.phase) > _ORDER.index(seen.phase):
        return 0
    if static.graph is None:
        # What is wrong with the deployment shows at its start, wherever the server happens to name it.
        return 1 if seen.phase is Phase.LOAD else 0
    same_phase = static.phase is seen.phase or {static.phase, seen.phase} == {Phase.PARSE, Phase.LOAD}
    weight = 0
    if static.location.file == seen.location.file and _overlap(static, seen):
        weight += 4
    if static.node is not None and static.node == seen.node:
        weight += 3
    if _names_the_same(static, seen):
        weight += 2
    if same_phase and (static.effect is seen.effect or weight):
        weight += 1
    return weight if weight > 1 or (same_phase and seen.node is None) or (same_phase and static.node is None) else 0


def _overlap(one: Finding, other: Finding) -> bool:
    a, b = one.location, other.location
    return a.line <= b.end_line and b.line <= a.end_line and not (b.line == b.end_line == 1 and b.column == 1)


def _names_the_same(one: Finding, other: Finding) -> bool:
    """Whether both speak of the same quoted thing."""
    return bool(_quoted(one.message) & _quoted(other.message))


def _quoted(text: str) -> set[str]:
    return {part for part in text.split('"')[1::2] if part}
