"""Phases and effects in words: when OVMS would notice, and what it would then do."""

from __future__ import annotations

from graphval.findings import Effect, Finding, Phase

_WHEN = {
    Phase.PARSE: "the server reads the file, at its start or when it reloads",
    Phase.LOAD: "the server starts or reloads its configuration",
    Phase.CREATE: "the first request creates the graph (with a pool: already at server start)",
    Phase.SERVE: "a request runs through the graph",
    Phase.DEPLOY: "the server is run like this",
}
_REFUSED = {
    Phase.PARSE: "the whole graph is refused",
    Phase.LOAD: "the whole graph is refused",
    Phase.CREATE: "every request to this graph fails",
    Phase.SERVE: "the request fails",
    Phase.DEPLOY: "nothing behind this path is judged",
}
_THEN = {
    Effect.ABORT: "the whole server process aborts, all its models with it",
    Effect.WRONG: "nothing is refused, and what is written is not what happens",
    Effect.ADVICE: "it works; this is advice",
}


def when(finding: Finding) -> str:
    """The moment at which OVMS would notice."""
    return moment(finding.phase, finding.effect)


def then(finding: Finding) -> str:
    """What OVMS would do at that moment."""
    if finding.effect is Effect.REJECT and finding.graph is None and finding.phase in (Phase.PARSE, Phase.LOAD):
        return "the server refuses what is written here"
    return outcome(finding.phase, finding.effect)


def moment(phase: Phase, effect: Effect) -> str:
    """The moment of a phase."""
    if phase is Phase.DEPLOY and effect is Effect.REJECT:
        return "graphval looks at the paths it was given"
    return _WHEN[phase]


def outcome(phase: Phase, effect: Effect) -> str:
    """What comes of it for a graph."""
    return _REFUSED[phase] if effect is Effect.REJECT else _THEN[effect]
