"""The rules' verdict on a graph, in the same words."""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from tests.composed.outcome import Outcome
from tests.rules.judging import judged

AT = {Phase.PARSE: "load", Phase.LOAD: "load", Phase.CREATE: "create"}

WAYS = {Effect.ABORT: "dies"}
WITHOUT_PACKETS = frozenset({"GV514", "GV518", "GV540"})
"""Rules about requests whose mistake shows, or may show, even in a run that gets no packets."""


def outcome(text: str) -> Outcome:
    """What the errors that a server would meet before the first packet say becomes of a graph."""
    found = [
        finding._replace(phase=Phase.CREATE) if finding.code in WITHOUT_PACKETS else finding
        for finding in judged(text).findings
    ]
    found = [finding for finding in found if finding.phase in AT]
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    perhaps = any(f.severity is Severity.WARNING and f.phase is Phase.CREATE for f in found)
    for moment in ("load", "create"):
        here = [finding for finding in errors if AT[finding.phase] == moment]
        if here:
            why = "; ".join(f"{f.code} {f.location.line}: {f.message}" for f in here)
            return Outcome(moment, frozenset(WAYS.get(f.effect, "refused") for f in here), why, perhaps=perhaps)
    return Outcome("", perhaps=perhaps)
