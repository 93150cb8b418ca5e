"""The last words of a process."""

from __future__ import annotations

import pytest

from graphval.diagnosis.crash import Crash, read_crash

SAID = 'Check failed: id.IsValid() stream "LOOP:2" is not found.'
CHECK = f"F0000 00:00:1795408312.608241   17729 sync_set_input_stream_handler.cc:56] {SAID}"
GLOG = "F20260821 10:11:12.345678    27 some_calculator.cc:12] Check failed: x > 0 (0 vs. 0) "
TERMINATE = "terminate called after throwing an instance of 'std::runtime_error'"


@pytest.mark.parametrize(
    ("stderr", "expected"),
    [
        ("", Crash("")),
        ("WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n", Crash("")),
        ("E0000 00:00:1.0 7 calculator_graph.cc:898] failed\n", Crash("")),
        (
            f"{CHECK}\n*** Check failure stack trace: ***\n    @ 0x1 abort\n",
            Crash(
                'Check failed: id.IsValid() stream "LOOP:2" is not found.', "sync_set_input_stream_handler.cc", CHECK
            ),
        ),
        (f"{GLOG}\n", Crash("Check failed: x > 0 (0 vs. 0)", "some_calculator.cc", GLOG)),
        (
            f"{TERMINATE}\n  what():  boom\n",
            Crash("uncaught std::runtime_error: boom", line=TERMINATE),
        ),
        (f"{TERMINATE}\n", Crash("uncaught std::runtime_error", line=TERMINATE)),
        (f"{TERMINATE}\nunrelated\n", Crash("uncaught std::runtime_error", line=TERMINATE)),
        (
            "terminate called without an active exception\n",
            Crash("uncaught exception", line="terminate called without an active exception"),
        ),
        (
            "SIGILL received, this CPU is too old\n",
            Crash("the processor lacks an instruction the server needs", line="SIGILL received, this CPU is too old"),
        ),
    ],
)
def test_last_words(stderr: str, expected: Crash) -> None:
    assert read_crash(stderr) == expected


def test_a_check_tells_more_than_the_exception_after_it() -> None:
    assert read_crash(f"{CHECK}\n{TERMINATE}\n  what():  boom\n").file == "sync_set_input_stream_handler.cc"


def test_two_threads_that_die_together_leave_the_telling_exception() -> None:
    text = f"terminate called recursively\n{TERMINATE}\n  what():  boom\n"
    assert read_crash(text).text == "uncaught std::runtime_error: boom"


def test_a_long_reason_is_read_to_its_end() -> None:
    what = "Exception from core.cpp:84:\nCheck 'file_exists(path)' failed:\nir: Could not open the file: \"a.xml\""
    text = f"{TERMINATE}\n  what():  {what}\n\n"
    assert 'Could not open the file: "a.xml"' in read_crash(text).text
