"""What stands beside a blamed place: other ends of a connection, and the line of a handler."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.diagnosis.blame import blame
from graphval.diagnosis.compose import beside
from graphval.diagnosis.counterparts import counterparts
from graphval.diagnosis.hang import suspect
from graphval.diagnosis.python_trace import Frame, frames, raised_in
from tests.diagnosis.graphs import graph_of

WIRED = graph_of("""input_stream: "OVTENSOR:in"
output_stream: "out"
num_threads: 2
executor { type: "ThreadPoolExecutor" }
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "ouz" }
node { calculator: "OpenVINOModelServerSessionCalculator" output_side_packet: "SESSION:spare" }
node { calculator: "OpenVINOModelServerSessionCalculator" }
node { calculator: "PassThroughCalculator" input_stream: "in" input_side_packet: "gone" output_stream: "far" }
""")


def lines(words: str) -> list[int]:
    return [r.location.line for r in counterparts(WIRED, blame(WIRED, words), words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('Unable to attach observer to output stream "out" because it doesn\'t exist.', [5, 8, 7]),
        ('Input Stream "lost" for node with sorted index 0 name x does not have', [5, 8, 7]),
        ('; Side packet "gone" is required but was not provided.', [6, 7]),
        ("Calculator::Process() for node \"PassThroughCalculator_1\" failed: No anchor data available.", [6, 7]),
        ('Packet type mismatch on calculator outputting to stream "in": The Packet stores "A"', [5, 8]),
        ("ExecutorConfig for the default executor and the graph-level num_threads field should not both be", [4]),
        ("KServe for mediapipe graph requires: REQUEST tag in the input stream name", [1]),
        ("KServe for mediapipe graph requires: RESPONSE tag in the output stream name", [2]),
        ("Unknown error", []),
        ("", []),
    ],
)  # fmt: skip
def test_the_other_end_is_shown(words: str, expected: list[int]) -> None:
    assert lines(words) == expected


def test_what_is_blamed_is_not_shown_again() -> None:
    words = 'Input Stream "x" for node with sorted index 0 name x does not have'
    for related in counterparts(WIRED, blame(WIRED, 'stream "ouz"'), words):
        assert related.location != blame(WIRED, 'stream "ouz"').place.span


# -- hangs -----------------------------------------------------------------------------------------------------------

HEAD = 'input_stream: "in"\noutput_stream: "out"\n'
PLAIN = 'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }\n'
HANDLED = 'node { input_stream_handler { input_stream_handler: "%sInputStreamHandler" }'
LOOP = """node {
  calculator: "PreviousLoopbackCalculator" input_stream: "MAIN:in" input_stream: "LOOP:out" output_stream: "PREV_LOOP:p"
  input_stream_info { tag_index: "LOOP" back_edge: true }
}
"""


@pytest.mark.parametrize(
    ("text", "line", "sure"),
    [
        pytest.param(HEAD + PLAIN, 1, False, id="nothing stands out"),
        pytest.param(HEAD + PLAIN.replace("node {", "node { max_in_flight: -2"), 3, True, id="a negative limit"),
        pytest.param(HEAD + PLAIN + LOOP, 6, True, id="a loop"),
        pytest.param(
            HEAD + PLAIN.replace("node {", HANDLED % "Barrier"),
            3, True, id="a handler that waits",
        ),
        pytest.param(
            HEAD + PLAIN.replace("node {", HANDLED % "Immediate"),
            1, False, id="a handler that does not",
        ),
        pytest.param(
            HEAD + 'input_stream_handler { input_stream_handler: "DefaultInputStreamHandler" }\n' + PLAIN + LOOP,
            3, True, id="a handler over a loop",
        ),
    ],
)  # fmt: skip
def test_who_is_suspected_of_a_hang(text: str, line: int, sure: bool) -> None:
    found = suspect(graph_of(text))
    assert (found.place.span.line, found.sure) == (line, sure)


# -- tracebacks ------------------------------------------------------------------------------------------------------

PYBIND = "RuntimeError: boom\n\nAt:\n  /srv/h/inner.py(7): deep\n  /srv/h/model.py(12): execute\n"
PYTHON = """Traceback (most recent call last):
  File "/srv/h/model.py", line 12, in execute
    deep()
  File "/srv/h/inner.py", line 7, in deep
    raise RuntimeError("boom")
RuntimeError: boom
"""
SNAKE = graph_of("""node {
  name: "snake"
  calculator: "PythonExecutorCalculator"
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "h/model.py" } }
}
""")


@pytest.mark.parametrize("text", [PYBIND, PYTHON])
def test_tracebacks_of_both_forms(text: str) -> None:
    assert frames(text) == [Frame("/srv/h/inner.py", 7, "deep"), Frame("/srv/h/model.py", 12, "execute")]


@pytest.mark.parametrize("text", [PYBIND, PYTHON])
def test_the_handlers_own_line_is_shown(text: str) -> None:
    node = SNAKE.nodes[0]
    for found in (raised_in(SNAKE, node, "", text), raised_in(SNAKE, None, text)):
        assert found is not None
        assert (Path(found.location.file), found.location.line) == (Path("h/model.py"), 12)
        assert "execute" in found.message
    assert beside(SNAKE, blame(SNAKE, 'node "snake" failed'), text)[0] == raised_in(SNAKE, node, text)


@pytest.mark.parametrize("text", ["", "no frames here", PYBIND.replace("model.py", "other.py")])
def test_other_peoples_files_are_not_shown(text: str) -> None:
    assert raised_in(SNAKE, SNAKE.nodes[0], text) is None
    assert raised_in(WIRED, None, text) is None
