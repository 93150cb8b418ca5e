"""The last line says what was shown, and no more."""

from __future__ import annotations

import pytest

from graphval.events import Done
from graphval.findings import Effect, GraphReport, NotExercised, Phase, Severity, Span, Target, Verdict

from .making import FAILED, OK, REHEARSED, SKIPPED, STATIC, done, finding, graph, last_line

HERE = Span("g/graph.pbtxt", 1, 1, 1, 1)
UNTRIED = (NotExercised("n", "it needs a camera"),)
WRONG = finding(HERE)
WARNED = finding(HERE, severity=Severity.WARNING)
ABOUT_CONFIG = finding(HERE, graph=None)
LOST_PATH = finding(HERE, graph=None, phase=Phase.DEPLOY)
READ = graph("g/graph.pbtxt", Verdict.PASS)
READ_IN_PART = graph("g/graph.pbtxt", Verdict.PASS, not_exercised=UNTRIED)
SERVED = graph("g/graph.pbtxt", Verdict.PASS, OK, OK, OK, OK)
FAILING = graph("g/graph.pbtxt", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED)
FAILING_IN_PART = graph("g/graph.pbtxt", Verdict.FAIL, OK, FAILED, SKIPPED, SKIPPED, not_exercised=UNTRIED)
UNSURE = graph("g/graph.pbtxt", Verdict.INCONCLUSIVE)

BY_FILES = "(static checks only, nothing was run; OVMS 2026.4)"
BY_REHEARSAL = "(rehearsed, not served by OVMS; judged by OVMS 2026.4)"


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (done(READ), f"no mistake found in 1 graph {BY_FILES}"),
        (done(READ, READ), f"no mistake found in 2 graphs {BY_FILES}"),
        (done(), f"no mistake found in 0 graphs {BY_FILES}"),
        (done(target=REHEARSED), f"no mistake found in 0 graphs {BY_REHEARSAL}"),
        (done(READ_IN_PART, READ), f"no mistake found in 2 graphs, 1 not exercised in full {BY_FILES}"),
        (done(READ, findings=(WARNED,)), f"no mistake found in 1 graph, 1 warning {BY_FILES}"),
        (done(READ, findings=(WARNED, WARNED)), f"no mistake found in 1 graph, 2 warnings {BY_FILES}"),
        (done(SERVED, SERVED, target=REHEARSED), f"no mistake found in 2 graphs, all of them answered {BY_REHEARSAL}"),
        (
            done(SERVED, READ_IN_PART, target=REHEARSED),
            f"no mistake found in 2 graphs, 1 of them answered, 1 not exercised in full {BY_REHEARSAL}",
        ),
        (done(READ, target=REHEARSED), f"no mistake found in 1 graph, 0 of them answered {BY_REHEARSAL}"),
        (done(FAILING, SERVED, findings=(WRONG,)), f"1 of 2 graphs would fail in production {BY_FILES}"),
        (done(FAILING_IN_PART, findings=(WRONG,)), f"1 of 1 graph would fail in production {BY_FILES}"),
        (
            done(FAILING, findings=(WRONG, WARNED)),
            f"1 of 1 graph would fail in production, 1 warning {BY_FILES}",
        ),
        (done(READ, findings=(ABOUT_CONFIG,)), f"this deployment would fail in production {BY_FILES}"),
        (done(findings=(ABOUT_CONFIG,)), f"this deployment would fail in production {BY_FILES}"),
        (done(READ, findings=(LOST_PATH,)), f"no mistake found in 1 graph, 1 path could not be judged {BY_FILES}"),
        (
            done(FAILING, findings=(WRONG, LOST_PATH, LOST_PATH)),
            f"1 of 1 graph would fail in production, 2 paths could not be judged {BY_FILES}",
        ),
        (done(UNSURE, SERVED, target=REHEARSED), f"1 of 2 graphs inconclusive {BY_REHEARSAL}"),
        (
            done(UNSURE, FAILING, findings=(WRONG,), target=REHEARSED),
            f"1 of 2 graphs would fail in production, 1 of 2 graphs inconclusive {BY_REHEARSAL}",
        ),
    ],
)
def test_last_line(run: Done, line: str) -> None:
    assert last_line(run) == line


@pytest.mark.parametrize(
    ("target", "right"),
    [
        (STATIC, BY_FILES),
        (REHEARSED, BY_REHEARSAL),
        (
            Target("2026.3", "docker", "openvino/model_server@sha256:1f3c"),
            "(engine docker, openvino/model_server@sha256:1f3c, 2026.3)",
        ),
        (Target("2026.3", "remote"), "(engine remote, 2026.3)"),
    ],
)
def test_by_which_right_it_is_said(target: Target, right: str) -> None:
    assert last_line(done(SERVED, target=target)).endswith(right)


@pytest.mark.parametrize("graphs", [(READ,), (SERVED, UNSURE), (FAILING, SERVED), (UNSURE,)])
@pytest.mark.parametrize("target", [STATIC, REHEARSED])
def test_no_mistake_is_said_only_of_a_pass(graphs: tuple[GraphReport, ...], target: Target) -> None:
    run = done(*graphs, target=target)
    assert last_line(run).startswith("no mistake found") == (run.report.verdict is Verdict.PASS)


@pytest.mark.parametrize("effect", list(Effect))
def test_a_single_error_is_enough_to_say_no_pass(effect: Effect) -> None:
    assert "no mistake" not in last_line(done(READ, findings=(finding(HERE, effect=effect),)))
