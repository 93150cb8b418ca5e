"""Faults are noticed at the right moment and blamed on the right part of the graph; good graphs are left in peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.run.graph_outcome import GraphOutcome
from tests.faults import border_faults, calculator_faults, handler_faults, inference_faults, python_faults
from tests.faults.case import Case
from tests.faults.exercised import block_of, errors, exercised, failed_at, served, told
from tests.faults.good_graphs import CASES as GOOD
from tests.faults.models import write_models

LIVING = (*inference_faults.CASES, *border_faults.CASES, *calculator_faults.CASES, *python_faults.CASES)
DEADLY = (*border_faults.DEADLY, *calculator_faults.DEADLY, *handler_faults.DEADLY, *python_faults.DEADLY)
FAULTS = (*LIVING, *DEADLY)
BLAMED_AT_LEAST = 0.95

Outcomes = dict[str, GraphOutcome]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, models: dict[str, Path]) -> Outcomes:
    """What the exercise showed. Graphs that end or hold their server are apart, so that few graphs are loaded anew."""
    shown = exercised(tmp_path_factory.mktemp("living"), (*GOOD, *LIVING), models)
    return shown | exercised(tmp_path_factory.mktemp("deadly"), DEADLY, {}, seconds=1.5)


@pytest.mark.parametrize("case", FAULTS, ids=str)
def test_a_fault_is_noticed_at_its_moment(outcomes: Outcomes, case: Case) -> None:
    outcome = outcomes[case.name]
    assert errors(outcome), told(outcome)
    assert failed_at(outcome) is case.fails, told(outcome)


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_a_good_graph_is_served(outcomes: Outcomes, case: Case) -> None:
    outcome = outcomes[case.name]
    assert not errors(outcome), told(outcome)
    assert served(outcome), told(outcome)


def test_what_is_at_fault_is_blamed(outcomes: Outcomes) -> None:
    missed = [f"{case}: {told(outcomes[case.name])}" for case in FAULTS if not _blamed(case, outcomes[case.name])]
    assert len(missed) <= len(FAULTS) * (1 - BLAMED_AT_LEAST), "\n".join(missed)


def _blamed(case: Case, outcome: GraphOutcome) -> bool:
    """Whether every error stands in a block that is at fault."""
    blocks = [block_of(case.text, error.location.line) for error in errors(outcome)]
    return bool(blocks) and all(any(words in block for words in case.blame) for block in blocks)


def test_the_set_is_as_large_as_it_is_said_to_be() -> None:
    assert len(FAULTS) >= 60
    assert len(GOOD) >= 40
    names = [case.name for case in (*FAULTS, *GOOD)]
    assert len(names) == len(set(names))
    for case in FAULTS:
        assert case.blame
        for words in case.blame:
            assert words in case.text, (case.name, words)
