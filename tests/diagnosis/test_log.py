"""Lines of several writers, glued, cut and continued, become records and stories."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphval.catalog.records import records
from graphval.catalog.server_texts import log_formats, log_signatures
from graphval.diagnosis.log import match, read_records, read_story, request_records

STAMP = "[2026-08-21 10:11:12.345][1]"
FORMATS = [f.id for f in log_formats()]
SIGNATURES = records("log_signatures.txt")


def line(message: str, level: str = "info", logger: str = "modelmanager") -> str:
    return f"{STAMP}[{logger}][{level}][file.cpp:59] {message}\n"


def began(graph: str) -> str:
    return line(f"Started validation of mediapipe: {graph}", "debug")


def state(graph: str, name: str) -> str:
    return line(f"Mediapipe: {graph} state changed to: {name} after handling: SomeEvent: ")


AVAILABLE, REFUSED, RETIRED = "AVAILABLE", "LOADING_PRECONDITION_FAILED", "RETIRED"
ENDED = line("ServableManagerModule started", logger="serving")


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "absl_uninit_banner"])
def test_a_line_of_each_writer_is_one_record(name: str) -> None:
    sample = records("log_formats.txt")[name]["sample"]
    [record] = read_records(f"{sample}\n", "stderr")
    assert record.writer == name
    assert sample.endswith(record.message)


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_each_signature_knows_its_sample(name: str) -> None:
    """The sample leads to its own signature among those of its class, unless an earlier one says the same."""
    entry = SIGNATURES[name]
    text = entry["sample"]
    raw = entry["applies_to"] == "raw"
    [record, *_] = read_records(text if raw else line(text, entry["level"].partition("/")[0]), "stdout")
    found = match(record, (entry["class"],))
    assert found is not None
    assert found[0].kind == entry["class"]
    pattern = next(s.regex for s in log_signatures() if s.id == name)
    assert re.search(pattern, record.message, re.DOTALL)


def test_lines_without_a_prefix_continue_the_record_before_them() -> None:
    [first, second] = read_records(line("one\n  two\n  three") + line("four"), "stdout")
    assert first.message == "one\n  two\n  three"
    assert second.message == "four"


def test_a_prefix_in_the_middle_of_a_line_begins_a_record() -> None:
    glued = line("first").rstrip("\n") + line("second") + line("third")
    assert [r.message for r in read_records(glued, "stdout")] == ["first", "second", "third"]


def test_a_line_that_is_cut_off_is_kept_as_it_is() -> None:
    whole = line("whole")
    [record, cut] = read_records(whole + line("never written")[:40], "stderr")
    assert record.message == "whole"
    assert (cut.writer, cut.message) == ("", line("never written")[:40])


def test_lines_of_nobody_before_the_first_record_are_records_without_a_writer() -> None:
    [banner, record] = read_records("Python version:\n" + line("go"), "stdout")
    assert (banner.writer, record.message) == ("", "go")


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_reading_never_raises(text: str) -> None:
    read_story(text, text)
    assert "".join(r.message for r in read_records(text, "stderr")).strip() == "" or text.strip()


@given(
    st.lists(st.sampled_from([began("a"), state("a", AVAILABLE), state("b", REFUSED), ENDED, "junk\n"]), max_size=12)
)
def test_a_graph_is_available_exactly_if_its_last_state_is(lines: list[str]) -> None:
    story = read_story("".join(lines), "")
    states = [text for text in lines if text.startswith(STAMP) and "Mediapipe: a state" in text]
    assert story.graph("a").available == bool(states)
    assert story.load_ended == (ENDED in lines)


REFUSALS = [
    """Mediapipe graph: g initialization failed with message: NOT_FOUND: ValidatedGraphConfig Initialization failed.
  No registered object with name: X; Unable to find Calculator "X" """.strip(),
    "Failed to prepare mediapipe graph: g; having less than one input or output is disallowed",
    "Trying to parse empty mediapipe graph definition: g failed",
    "Invalid OVMS_GRAPH_QUEUE_MAX_SIZE value: 'abc'. Expected integer or 'AUTO'.",
]


@pytest.mark.parametrize("message", REFUSALS)
def test_the_error_before_a_refusal_is_its_reason(message: str) -> None:
    story = read_story(began("g") + line(message, "error") + state("g", REFUSED) + ENDED, "")
    told = story.graph("g")
    assert told.refused
    assert [record.message for record in told.errors] == [message]
    assert list(story.graphs) == ["g"]
    assert story.other_errors == []


def test_a_refusal_that_names_the_graph_goes_to_it_wherever_it_stands() -> None:
    log = began("a") + state("a", AVAILABLE) + began("b") + line(REFUSALS[1].replace(": g", ": a"), "error")
    story = read_story(log, "")
    assert story.graph("a").errors
    assert not story.graph("b").errors


def test_a_graph_without_an_end_is_open() -> None:
    story = read_story(began("a") + state("a", AVAILABLE) + began("b"), "")
    assert not story.graph("a").open
    assert story.graph("b").open
    assert not story.load_ended


def test_either_line_that_announces_a_graph_begins_it() -> None:
    story = read_story(line("Mediapipe graph:two words was not loaded so far. Triggering load", "debug"), "")
    assert list(story.graphs) == ["two words"]
    assert story.graph("two words").began


def test_the_last_state_counts() -> None:
    story = read_story(began("g") + state("g", AVAILABLE) + state("g", RETIRED), "")
    assert story.graph("g").refused


def test_protobufs_complaints_go_to_the_graphs_in_order() -> None:
    complaint = (
        "[libprotobuf ERROR external/text_format.cc:337] Error parsing text-format "
        "mediapipe.CalculatorGraphConfig: {}:{}: Expected identifier, got: }}\n"
    )
    parse = "Trying to parse mediapipe graph definition: {} failed"
    log = "".join(began(g) + line(parse.format(g), "error") + state(g, REFUSED) for g in "ab")
    story = read_story(log, "WARNING: banner\n" + complaint.format(3, 5) + complaint.format(7, 1))
    assert story.graph("a").parse == (3, 5, "Expected identifier, got: }")
    assert story.graph("b").parse == (7, 1, "Expected identifier, got: }")


def test_an_exception_that_ends_the_loading_is_told_apart() -> None:
    story = read_story(began("g") + line("Failed to process mediapipe graph config:basic_string", "error"), "")
    assert story.skipped_rest is not None
    assert not story.graph("g").errors


def test_what_stops_the_start_is_fatal() -> None:
    story = read_story(line("Configuration file is not in valid configuration format", "error"), "")
    assert [r.message for r in story.fatal] == ["Configuration file is not in valid configuration format"]


def test_what_the_rehearsal_does_not_exercise_is_read_with_its_reason() -> None:
    story = read_story(line('not exercised: graph "g" node "n": needs\n  a GPU'), "")
    assert story.not_exercised == [("g", "n", "needs\n  a GPU")]


def test_only_the_last_request_counts_and_only_if_it_was_to_the_graph() -> None:
    def asked(graph: str) -> str:
        return line(f"Processing gRPC request for model: {graph}; version: ", "debug")

    log = asked("a") + line("old", "error") + asked("a") + line("new", "error")
    assert [r.message for r in request_records(log, "a")][1:] == ["new"]
    assert request_records(log + asked("b"), "a") == []
    assert request_records("", "a") == []
