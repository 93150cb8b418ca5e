"""One mistake, one finding: which static finding explains what an engine saw, and which does not."""

from __future__ import annotations

import pytest

from graphval.diagnosis.fold import contradicted, fold
from graphval.findings import By, Effect, Finding, Phase, Related, Severity, Span

FILE = "graph.pbtxt"


def at(line: int, column: int = 3, end: int | None = None, file: str = FILE) -> Span:
    return Span(file, line, column, end or line, column + 10)


START = Span(FILE, 1, 1, 1, 2)


def static(
    place: Span,
    message: str = "something is wrong",
    *,
    phase: Phase = Phase.LOAD,
    effect: Effect = Effect.REJECT,
    node: str | None = None,
    severity: Severity = Severity.ERROR,
    graph: str | None = "g",
    related: tuple[Span, ...] = (),
) -> Finding:
    others = tuple(Related("here too", span) for span in related)
    return Finding("GV000", "static", severity, phase, effect, graph, message, place, node=node, related=others)


def seen(
    place: Span,
    message: str = "the server said no",
    *,
    phase: Phase = Phase.LOAD,
    effect: Effect = Effect.REJECT,
    node: str | None = None,
    graph: str | None = "g",
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(
        "GV800",
        "engine",
        severity,
        phase,
        effect,
        graph,
        message,
        place,
        by=By.ENGINE,
        evidence={"log": ["x"]},
        node=node,
    )


CASES = [
    # what it is about, what the rules found, what the engine saw, which of them explains it
    ("the same line", [static(at(4)), static(at(9))], seen(at(9)), 1),
    ("a line inside a longer place", [static(at(4, end=9))], seen(at(7)), 0),
    ("a related place", [static(at(4), related=(at(20),))], seen(at(20)), 0),
    ("the same line of another file", [static(at(4, file="other"))], seen(at(4)), None),
    ("the same node, elsewhere in it", [static(at(4), node="a"), static(at(9), node="b")], seen(at(11), node="b"), 1),
    ("the same quoted name", [static(at(4), '"mid" has no producer')], seen(at(9), 'stream "mid" is not there'), 0),
    ("a name with and without its tag", [static(at(4), '"IMAGE:mid" is bad')], seen(at(9), '"mid" is not there'), 0),
    ("two mistakes in two nodes stay two", [static(at(4), node="a")], seen(at(9), node="b"), None),
    ("one line, two nodes", [static(at(4), node="a")], seen(at(4), node="b"), None),
    ("a place beats a name", [static(at(9), '"s" is bad'), static(at(4))], seen(at(4), '"s" is bad'), 1),
    ("a node beats a name", [static(at(4), '"s" is bad'), static(at(5), node="n")], seen(at(9), '"s"', node="n"), 1),
    ("of equals the first", [static(at(4)), static(at(4))], seen(at(4)), 0),
    ("of two in one place the one of that moment",
     [static(at(4), phase=Phase.CREATE), static(at(4), phase=Phase.LOAD)], seen(at(4), phase=Phase.LOAD), 1),
    ("of two in one place the one of that effect",
     [static(at(4), phase=Phase.CREATE), static(at(4), phase=Phase.CREATE, effect=Effect.ABORT)],
     seen(at(4), phase=Phase.CREATE, effect=Effect.ABORT), 1),
    ("a later mistake of the same node explains nothing earlier",
     [static(at(4), phase=Phase.SERVE, node="n")], seen(at(9), phase=Phase.LOAD, node="n"), None),
    ("an earlier one explains what is seen later",
     [static(at(4), phase=Phase.LOAD, node="n")], seen(at(9), phase=Phase.SERVE, node="n"), 0),
    ("a vague crash, explained by what aborts",
     [static(at(4)), static(at(9), phase=Phase.CREATE, effect=Effect.ABORT)],
     seen(START, phase=Phase.CREATE, effect=Effect.ABORT), 1),
    ("a vague refusal of another moment and effect",
     [static(at(4), phase=Phase.CREATE, effect=Effect.ABORT)], seen(START, phase=Phase.LOAD), None),
    ("warnings explain nothing", [static(at(4), severity=Severity.WARNING)], seen(at(4)), None),
    ("a warning is explained by nothing", [static(at(4))], seen(at(4), severity=Severity.WARNING), None),
    ("another graph", [static(at(4), graph="h")], seen(at(4)), None),
    ("a finding about the server's setting", [static(at(4), phase=Phase.DEPLOY)], seen(at(4)), None),
    ("parse: noticed some lines below", [static(at(16), phase=Phase.PARSE)], seen(at(19)), 0),
    ("parse: nothing below what was noticed", [static(at(30), phase=Phase.PARSE)], seen(at(19)), None),
    ("parse: the very line beats one above", [static(at(4), phase=Phase.PARSE), static(at(9), phase=Phase.PARSE)],
     seen(at(9)), 1),
    ("parse: a request's failure is not about the text", [static(at(4), phase=Phase.PARSE)],
     seen(at(9), phase=Phase.SERVE), None),
    ("deployment: the start failed, config.json breaks its syntax",
     [static(at(4, file="config.json"), phase=Phase.PARSE, graph=None)],
     seen(Span("config.json", 1, 1, 1, 1), graph=None), 0),
    ("deployment: the start failed for what the entries say",
     [static(at(4, file="config.json"), graph=None)], seen(Span("config.json", 1, 1, 1, 1), graph=None), 0),
    ("deployment: a graph's own mistake does not explain a start that failed",
     [static(at(4))], seen(Span("config.json", 1, 1, 1, 1), graph=None), None),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "engine", "explained_by"), [pytest.param(*rest, id=name) for name, *rest in CASES])
def test_which_finding_explains_it(rules: list[Finding], engine: Finding, explained_by: int | None) -> None:
    kept, new = fold(rules, [engine], "rehearsal")
    assert [bool(finding.evidence) for finding in kept] == [i == explained_by for i in range(len(rules))]
    assert new == ([] if explained_by is not None else [engine])
    if explained_by is not None:
        shown = kept[explained_by].evidence
        assert shown["seen"] == f"rehearsal: {engine.message}"
        assert shown["log"] == ["x"]


def test_two_sights_of_one_mistake_are_one_finding() -> None:
    kept, new = fold([static(at(4), node="n")], [seen(at(4)), seen(at(9), phase=Phase.CREATE, node="n")], "docker")
    assert (len(kept), new) == (1, [])


def test_what_no_rule_foresaw_stands_beside_what_one_did() -> None:
    other = seen(at(30), node="b")
    kept, new = fold([static(at(4), node="a")], [seen(at(4)), other], "docker")
    assert (len(kept), new) == (1, [other])


def test_a_contradiction_is_noted_and_what_was_there_is_kept() -> None:
    noted = contradicted(static(at(4)), "rehearsal")
    assert noted.evidence == {"seen": "the rehearsal passed this rung"}
