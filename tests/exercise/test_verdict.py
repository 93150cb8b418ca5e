"""From findings and shown rungs to a verdict: pass is said only for what was shown."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.findings import (
    STAGES,
    By,
    Effect,
    Finding,
    GraphReport,
    NotExercised,
    Phase,
    Rung,
    Severity,
    Span,
    Stage,
    StageStatus,
    Target,
    Verdict,
)
from graphval.run.verdict import graph_report, merged_stages, reached, report, static_stages

PASS, FAIL, SKIPPED = StageStatus.PASS, StageStatus.FAIL, StageStatus.SKIPPED


def finding(phase: Phase, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("GV000", "x", severity, phase, Effect.REJECT, "g", "m", Span("f", 1, 1, 1, 2))


def statuses(stages: tuple[Stage, ...]) -> list[StageStatus]:
    assert tuple(stage.stage for stage in stages) == STAGES
    return [stage.status for stage in stages]


@pytest.mark.parametrize(
    ("findings", "never_loaded", "expected", "top"),
    [
        ([], False, [PASS, PASS, SKIPPED, SKIPPED], Rung.LOAD),
        ([finding(Phase.PARSE)], False, [FAIL, SKIPPED, SKIPPED, SKIPPED], Rung.NONE),
        ([finding(Phase.LOAD)], False, [PASS, FAIL, SKIPPED, SKIPPED], Rung.PARSE),
        ([finding(Phase.CREATE)], False, [PASS, PASS, FAIL, SKIPPED], Rung.LOAD),
        ([finding(Phase.SERVE)], False, [PASS, PASS, SKIPPED, FAIL], Rung.LOAD),
        ([finding(Phase.SERVE), finding(Phase.LOAD)], False, [PASS, FAIL, SKIPPED, SKIPPED], Rung.PARSE),
        ([finding(Phase.LOAD, Severity.WARNING)], False, [PASS, PASS, SKIPPED, SKIPPED], Rung.LOAD),
        ([finding(Phase.DEPLOY)], False, [PASS, PASS, SKIPPED, SKIPPED], Rung.LOAD),
        ([], True, [PASS, FAIL, SKIPPED, SKIPPED], Rung.PARSE),
    ],
)
def test_what_files_alone_tell(
    findings: list[Finding], never_loaded: bool, expected: list[StageStatus], top: Rung
) -> None:
    stages = static_stages(findings, 0.5, never_loaded=never_loaded)
    assert statuses(stages) == expected
    assert reached(stages) is top
    assert [stage.seconds for stage in stages] == [0.5, 0, 0, 0]
    assert {stage.by for stage in stages} == {By.STATIC}


RUNGS = st.fixed_dictionaries({}, optional={rung: st.sampled_from(list(StageStatus)) for rung in STAGES})


@given(st.lists(st.sampled_from(list(Phase)), max_size=3), RUNGS)
def test_what_an_engine_showed_counts_and_nothing_passes_above_a_failure(
    phases: list[Phase], shown: dict[Rung, StageStatus]
) -> None:
    stages = merged_stages(
        static_stages(map(finding, phases), 0.0), {rung: Stage(rung, s, By.ENGINE, 1.0) for rung, s in shown.items()}
    )
    found = statuses(stages)
    if FAIL in found:
        assert set(found[found.index(FAIL) + 1 :]) <= {SKIPPED}
    until = found.index(FAIL) if FAIL in found else len(found)
    for stage in stages[:until]:
        if stage.stage in shown:
            assert (stage.status, stage.by) == (shown[stage.stage], By.ENGINE)
    top = reached(stages)
    assert all(stage.status is PASS for stage in stages[: STAGES.index(top) + 1]) if top is not Rung.NONE else True


@pytest.mark.parametrize(
    ("failing", "inconclusive", "with_error", "expected"),
    [
        (False, False, False, Verdict.PASS),
        (False, True, False, Verdict.INCONCLUSIVE),
        (True, True, False, Verdict.FAIL),
        (False, True, True, Verdict.FAIL),
        (True, False, False, Verdict.FAIL),
    ],
)
def test_a_graphs_verdict(failing: bool, inconclusive: bool, with_error: bool, expected: Verdict) -> None:
    stages = static_stages([finding(Phase.LOAD)] if failing else [], 0.0)
    findings = [finding(Phase.DEPLOY)] if with_error else [finding(Phase.LOAD, Severity.WARNING)]
    found = graph_report("g", "f", findings, stages, [NotExercised(None, "x")] * 2, inconclusive=inconclusive)
    assert found.verdict is expected
    assert found.not_exercised == (NotExercised(None, "x"),)


@pytest.mark.parametrize("verdicts", list(itertools.product(list(Verdict), repeat=2)))
@pytest.mark.parametrize("with_error", [True, False])
def test_a_runs_verdict_is_its_worst(verdicts: tuple[Verdict, ...], with_error: bool) -> None:
    graphs = [GraphReport("g", "f", verdict, Rung.NONE, ()) for verdict in verdicts]
    order = [Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS]
    found = report(graphs, [finding(Phase.DEPLOY)] if with_error else [], Target("2026.4"))
    assert found.verdict is (Verdict.FAIL if with_error else min(verdicts, key=order.index))


def test_no_graphs_and_no_findings_pass() -> None:
    assert report([], [], Target("2026.4")).verdict is Verdict.PASS
