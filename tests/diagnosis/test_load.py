"""What became of each graph at a start, read from its log and the way the process stands."""

from __future__ import annotations

import pytest

from graphval.diagnosis.load import Ending, LoadState, diagnose_load
from graphval.findings import By, Effect, Phase
from tests.diagnosis.graphs import PLACE, subject
from tests.diagnosis.test_log import AVAILABLE, ENDED, REFUSED, began, line, state

TEXT = """input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
}
"""
BROKEN = 'input_stream: "in"\noutput_stream: "out"\nnode {\n'
LIVES = Ending()
ABORTED = Ending("SIGABRT (exit code 134)", by_signal=True)
STOPPED = Ending("exit code 1")
STARVED = Ending("memory limit (exit code 137)", by_signal=True, limit="memory")
A, B = subject(TEXT, "a"), subject(TEXT, "b")
CHECK = 'F0000 00:00:1.0   9 packet.h:8] Check failed: node "PassThroughCalculator" is sad\n'


@pytest.mark.parametrize(
    ("stdout", "ending", "loaded", "expected"),
    [
        pytest.param(
            began("a") + state("a", AVAILABLE) + began("b") + state("b", AVAILABLE) + ENDED, LIVES, True,
            {"a": LoadState.AVAILABLE, "b": LoadState.AVAILABLE}, id="both load",
        ),
        pytest.param(
            began("a") + state("a", REFUSED) + began("b") + state("b", AVAILABLE) + ENDED, LIVES, True,
            {"a": LoadState.REFUSED, "b": LoadState.AVAILABLE}, id="one is refused, the next loads",
        ),
        pytest.param(
            began("a") + line("Failed to process node graph a", "error") + ENDED, LIVES, True,
            {"a": LoadState.REFUSED, "b": LoadState.UNREACHED}, id="an error and no state, but the load ended",
        ),
        pytest.param(
            began("a") + state("a", AVAILABLE) + began("b"), ABORTED, False,
            {"a": LoadState.AVAILABLE, "b": LoadState.FATAL}, id="the one that was loading ended the process",
        ),
        pytest.param(
            "", ABORTED, False, {"a": LoadState.SUSPECT, "b": LoadState.SUSPECT}, id="nobody had begun",
        ),
        pytest.param(
            began("a") + state("a", AVAILABLE), ABORTED, False,
            {"a": LoadState.AVAILABLE, "b": LoadState.FATAL}, id="only one has no state",
        ),
        pytest.param(
            began("a"), LIVES, False, {"a": LoadState.FATAL, "b": LoadState.UNREACHED}, id="loading never ends",
        ),
        pytest.param(
            began("a"), STARVED, False, {"a": LoadState.LIMITED, "b": LoadState.UNREACHED}, id="our own limit ended it",
        ),
        pytest.param(
            began("a") + state("a", REFUSED), STOPPED, False,
            {"a": LoadState.REFUSED, "b": LoadState.UNREACHED}, id="a refusal that stops the start",
        ),
    ],
)  # fmt: skip
def test_states(stdout: str, ending: Ending, loaded: bool, expected: dict[str, LoadState]) -> None:
    found = diagnose_load((A, B), stdout, CHECK, ending, loaded=loaded, place=PLACE)
    assert {name: graph.state for name, graph in found.graphs.items()} == expected
    assert found.finding is None
    for graph in found.graphs.values():
        told = graph.state in (LoadState.REFUSED, LoadState.FATAL, LoadState.LIMITED)
        assert (graph.finding is not None) == told


def test_a_death_names_the_exit_the_words_and_the_node() -> None:
    found = diagnose_load((A,), began("a"), CHECK, ABORTED, loaded=False, place=PLACE).graphs["a"].finding
    assert found is not None
    assert (found.code, found.effect, found.phase, found.by) == ("GV803", Effect.ABORT, Phase.LOAD, By.ENGINE)
    assert "SIGABRT (exit code 134): Check failed" in found.message
    assert found.location.line == 4
    assert found.evidence["exit"] == ABORTED.exit
    assert found.evidence["log"] == [CHECK.strip()]


def test_a_refusal_shows_the_servers_words() -> None:
    unknown = 'Unable to find Calculator "PassThroughCalculator"'
    words = f"Mediapipe graph: a initialization failed with message: NOT_FOUND: x. {unknown}"
    log = began("a") + line(words, "error") + state("a", REFUSED) + ENDED
    found = diagnose_load((A,), log, "", LIVES, loaded=True, place=PLACE).graphs["a"].finding
    assert found is not None
    assert 'Unable to find Calculator "PassThroughCalculator"' in found.message
    assert found.evidence["log"] == [words]
    assert found.node == "PassThroughCalculator"


@pytest.mark.parametrize(("line_number", "column"), [(1, 1), (3, 6)])
@pytest.mark.parametrize("text", [TEXT, BROKEN])
def test_protobufs_place_is_the_place(text: str, line_number: int, column: int) -> None:
    log = (
        began("a") + line("Trying to parse mediapipe graph definition: a failed", "error") + state("a", REFUSED) + ENDED
    )
    at = f"mediapipe.CalculatorGraphConfig: {line_number}:{column}"
    complaint = f'[libprotobuf ERROR text_format.cc:3] Error parsing text-format {at}: Expected "{{".\n'
    found = diagnose_load((subject(text, "a"),), log, complaint, LIVES, loaded=True, place=PLACE).graphs["a"].finding
    assert found is not None
    assert (found.location.line, found.location.column) == (line_number, column)
    assert 'Expected "{"' in found.message


def test_a_start_that_is_refused_as_a_whole_is_about_the_deployment() -> None:
    log = line("Configuration file is not in valid configuration format", "error")
    found = diagnose_load((A, B), log, "", STOPPED, loaded=False, place=PLACE)
    assert found.finding is not None
    assert found.finding.graph is None
    assert found.finding.location == PLACE
    assert "Configuration file is not in valid configuration format" in found.finding.message


@pytest.mark.parametrize(
    ("stderr", "said"), [("", "without a word"), ("\nerror parsing options: x\n", "error parsing options")]
)
def test_a_start_that_ends_without_a_log_is_told_by_stderr(stderr: str, said: str) -> None:
    found = diagnose_load((A,), "", stderr, STOPPED, loaded=False, place=PLACE).finding
    assert found is not None
    assert said in found.message


def test_an_exception_that_ends_the_loading_is_the_reason_of_the_graph_it_met() -> None:
    log = (
        began("a")
        + line("Failed to process mediapipe graph config:basic_string", "error")
        + state("a", REFUSED)
        + ENDED
    )
    found = diagnose_load((A, B), log, "", LIVES, loaded=True, place=PLACE)
    assert found.story.skipped_rest is not None
    assert found.graphs["a"].finding is not None
    assert "basic_string" in found.graphs["a"].finding.message
    assert found.state("b") is LoadState.UNREACHED


def test_a_graph_of_no_subject_has_not_been_reached() -> None:
    found = diagnose_load((A,), "", "", LIVES, loaded=True, place=PLACE)
    assert found.state("z") is LoadState.UNREACHED
    assert found.named(LoadState.UNREACHED) == ("a",)
