"""What answers, log and exit together say of creating and serving a graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.diagnosis.load import Ending
from graphval.diagnosis.served import Logs, Served
from graphval.diagnosis.serving import diagnose_serving
from graphval.findings import Effect, NotExercised, Severity, Span, StageStatus
from graphval.kserve import messages
from graphval.probe.client import Answer
from graphval.probe.exercise import Exercise
from graphval.probe.plan import Plan, Probe, ProbeKind, Unread
from tests.diagnosis.graphs import graph_of
from tests.diagnosis.test_log import line

GRAPH = graph_of("""input_stream: "OVTENSOR:in"
output_stream: "OVTENSOR:out"
output_stream: "OVTENSOR:other"
node {
  name: "first"
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "mid"
}
node {
  name: "second"
  calculator: "PassThroughCalculator"
  input_stream: "mid"
  output_stream: "out"
}
""")
UNKNOWN = "graphval_no_such_input"
PROVEN = Answer("INVALID_ARGUMENT", f"Unexpected input - {UNKNOWN} is unexpected", 0.1)
LIVES, DIED = Ending(), Ending("SIGABRT (exit code 134)", by_signal=True)
STARVED = Ending("memory limit (exit code 137)", by_signal=True, limit="memory")
LOST = Answer("UNAVAILABLE", "Stream removed (Socket closed)", 0.1)
SILENT = Answer("DEADLINE_EXCEEDED", "Deadline Exceeded", 30.0)
ASKED = line("Processing gRPC request for model: g; version: ", "debug")


def creation_probe() -> Probe:
    request = messages.ModelInferRequest(model_name="g")
    request.inputs.add(name=UNKNOWN)
    return Probe(ProbeKind.CREATION, request)


def full_probe(label: str = "", kind: ProbeKind = ProbeKind.SYNTHETIC) -> Probe:
    return Probe(kind, messages.ModelInferRequest(model_name="g"), label)


def answered(*outputs: str, values: bytes = b"1234") -> Answer:
    response = messages.ModelInferResponse()
    for name in outputs:
        response.outputs.add(name=name, datatype="FP32", shape=(1,))
        response.raw_output_contents.append(values)
    return Answer("OK", "", 0.1, response)


def diagnosed(
    creation: Answer | None,
    *served: tuple[Probe, Answer],
    stdout: str = "",
    stderr: str = "",
    ending: Ending = LIVES,
    left_out: tuple[NotExercised, ...] = (),
    counted: dict[str, int] | None = None,
) -> Served:
    exercise = Exercise(creation=creation, served=list(served), counted=counted or {})
    plan = Plan(creation_probe(), (), left_out)
    return diagnose_serving(GRAPH, plan, exercise, Logs(stdout, stderr), ending)


PASS, FAIL = StageStatus.PASS, StageStatus.FAIL


@pytest.mark.parametrize(
    ("answer", "ending", "create", "code"),
    [
        pytest.param(PROVEN, LIVES, PASS, None, id="the made-up input is refused"),
        pytest.param(answered("out"), LIVES, PASS, None, id="the made-up input is taken"),
        pytest.param(
            Answer("INVALID_ARGUMENT", "Invalid number of inputs - x", 0.1), LIVES, PASS, None, id="about tensors"
        ),
        pytest.param(
            Answer(
                "FAILED_PRECONDITION",
                'Failed to start mediapipe graph - Side packet "x" is required but was not provided',
                0.1,
            ),
            LIVES,
            FAIL,
            "GV810",
            id="it cannot start",
        ),
        pytest.param(Answer("UNKNOWN", "Unknown error", 0.1), LIVES, FAIL, "GV810", id="OVMS lost the text"),
        pytest.param(Answer("INTERNAL", "", 0.1), LIVES, FAIL, "GV810", id="no text at all"),
        pytest.param(LOST, DIED, FAIL, "GV811", id="it ends the server"),
        pytest.param(SILENT, LIVES, FAIL, "GV812", id="it never ends"),
        pytest.param(LOST, LIVES, None, None, id="lost, though the server lives"),
        pytest.param(LOST, STARVED, None, "GV840", id="our own limit"),
        pytest.param(
            Answer("UNIMPLEMENTED", 'Rehearsal cannot execute node "first": a GPU', 0.1), LIVES, None, None, id="cannot"
        ),
    ],
)
def test_creation(answer: Answer, ending: Ending, create: StageStatus | None, code: str | None) -> None:
    served = diagnosed(answer, ending=ending)
    assert served.create is create
    assert served.serve is None
    assert [f.code for f in served.findings] == ([code] if code else [])
    assert served.inconclusive == (answer is LOST and ending is not DIED)


def test_nothing_was_asked_nothing_is_said() -> None:
    assert diagnosed(None) == Served()


def test_what_could_not_be_executed_is_named_with_its_node() -> None:
    served = diagnosed(Answer("UNIMPLEMENTED", 'Rehearsal cannot execute node "first": it needs\na GPU', 0.1))
    assert served.not_exercised == [NotExercised("first", "it needs a GPU")]


@pytest.mark.parametrize(
    ("answer", "ending", "serve", "code"),
    [
        pytest.param(answered("out", "other"), LIVES, PASS, None, id="all outputs"),
        pytest.param(answered("out"), LIVES, PASS, "GV823", id="an output is missing"),
        pytest.param(LOST, DIED, FAIL, "GV821", id="it ends the server"),
        pytest.param(SILENT, LIVES, FAIL, "GV822", id="it never ends"),
        pytest.param(LOST, LIVES, None, None, id="lost, though the server lives"),
        pytest.param(
            Answer(
                "INTERNAL",
                'Mediapipe execution failed. MP status - Calculator::Process() for node "second" failed: no',
                0.1,
            ),
            LIVES,
            FAIL,
            "GV820",
            id="a node fails",
        ),
    ],
)
@pytest.mark.parametrize("label", ["", "people.json"])
def test_a_request(answer: Answer, ending: Ending, serve: StageStatus | None, code: str | None, label: str) -> None:
    served = diagnosed(PROVEN, (full_probe(label), answer), ending=ending)
    assert served.create is PASS
    assert served.serve is serve
    assert [f.code for f in served.findings] == ([code] if code else [])


ABOUT_US = [
    "Invalid input shape - Expected: (1,10); Actual: (1,4)",
    "Invalid input precision - Expected: FP32; Actual: FP64",
    "Mediapipe execution failed. MP status - Unknown error during mediapipe execution",
    "Mediapipe execution failed. MP status - INTERNAL: Error occurred during graph execution",
]


@pytest.mark.parametrize("text", ABOUT_US)
def test_a_refusal_of_made_up_values_says_nothing_about_the_graph(text: str) -> None:
    served = diagnosed(PROVEN, (full_probe(), Answer("INVALID_ARGUMENT", text, 0.1)))
    assert (served.serve, served.findings) == (None, [])
    [left_out] = served.not_exercised
    assert left_out.reason.endswith("give a sample")


@pytest.mark.parametrize("text", ABOUT_US)
def test_a_sample_of_the_users_own_has_no_such_excuse(text: str) -> None:
    served = diagnosed(PROVEN, (full_probe("people.json", ProbeKind.SAMPLE), Answer("INVALID_ARGUMENT", text, 0.1)))
    assert served.serve is FAIL
    assert "sample people.json failed" in served.findings[0].message


IN_PROCESS = 'Mediapipe execution failed. MP status - Calculator::Process() for node "second" failed: it does not fit'
AT_PUSH = 'Failed to add packet to mediapipe graph input stream - Packet type mismatch on calculator outputting to "in"'
USER_CODE = "Mediapipe execution failed. MP status - INTERNAL: Error occurred during graph execution"


def guess() -> Probe:
    return Probe(ProbeKind.SYNTHETIC, messages.ModelInferRequest(model_name="g"), guessed=True)


@pytest.mark.parametrize(
    ("answer", "serve"),
    [
        pytest.param(Answer("INTERNAL", IN_PROCESS, 0.1), None, id="behind user code something does not fit"),
        pytest.param(Answer("INTERNAL", USER_CODE, 0.1), None, id="user code does not take it"),
        pytest.param(SILENT, None, id="user code takes its time"),
        pytest.param(Answer("INTERNAL", AT_PUSH, 0.1), FAIL, id="no user code was reached"),
        pytest.param(answered("out", "other"), PASS, id="it was answered"),
    ],
)
def test_what_user_code_makes_of_a_guess_is_no_fault(answer: Answer, serve: StageStatus | None) -> None:
    served = diagnosed(PROVEN, (guess(), answer))
    assert served.serve is serve
    assert bool(served.findings) is (serve is FAIL)
    assert [left.reason.endswith("give a sample") for left in served.not_exercised] == ([] if serve else [True])


@pytest.mark.parametrize(
    ("raised", "serve"),
    [
        (" execution: ValueError: cannot reshape", None),
        (" execution: Traceback (most recent call last):\nKeyError: 'x'", None),
        (" execution: Traceback (most recent call last):\nNameError: name 'x' is not defined", FAIL),
        (" execution: AttributeError: 'pyovms.Tensor' object has no attribute 'mean'\n\nAt:\n  m.py(4): execute", FAIL),
        (
            " execution: Traceback (most recent call last):\nAttributeError: 'NoneType' object has no attribute 'x'",
            None,
        ),
        (". Wrong object on execute output: Unexpected Python object type. Expected: list or generator.", FAIL),
        (": Unexpected Tensor found in the outputs. Tensor name: x is not a valid node output", FAIL),
        (": Bad python node configuration. Execute yielded, but LOOPBACK is not defined in the node", FAIL),
    ],
)
def test_code_that_no_values_mend_is_a_fault_all_the_same(raised: str, serve: StageStatus | None) -> None:
    said = f"I0000 00:00:1.0   9 python_executor_calculator.cc:210] Error occurred during node second{raised}\n"
    served = diagnosed(PROVEN, (guess(), Answer("INTERNAL", USER_CODE, 0.1)), stderr=said)
    assert served.serve is serve


def test_a_failed_open_is_a_failure_of_creation_though_a_request_met_it() -> None:
    text = 'Mediapipe execution failed. MP status - Calculator::Open() for node "first" failed: no file'
    served = diagnosed(PROVEN, (full_probe(), Answer("INVALID_ARGUMENT", text, 0.1)))
    assert (served.create, served.serve) == (FAIL, None)
    [finding] = served.findings
    assert (finding.code, finding.node, finding.location.line) == ("GV810", "first", 6)


def test_a_text_that_the_wire_lost_is_read_in_the_log_of_that_request() -> None:
    lost = 'Mediapipe execution failed. MP status - Calculator::Process() for node "second" failed: no model'
    stdout = line("an old failure", "error") + ASKED + line(lost, "error")
    served = diagnosed(PROVEN, (full_probe(), Answer("UNKNOWN", "Unknown error", 0.1)), stdout=stdout)
    [finding] = served.findings
    assert "no model" in finding.message
    assert finding.node == "second"
    assert finding.evidence["log"] == [lost]


def test_the_output_being_written_is_to_blame_for_a_packet_of_another_type() -> None:
    stdout = ASKED + line("Response processing packet type: OVTENSOR name: other", "debug")
    stderr = (
        'F0000 00:00:1.0   9 packet.h:8] Packet::Get() failed: The Packet stores "A", but "ov::Tensor" was requested.\n'
    )
    served = diagnosed(PROVEN, (full_probe(), LOST), stdout=stdout, stderr=stderr, ending=DIED)
    [finding] = served.findings
    assert (finding.effect, finding.location.line, finding.node) == (Effect.ABORT, 3, None)


def test_equal_requests_with_different_values_are_noted_once() -> None:
    one, two = full_probe(), full_probe()
    same = Probe(ProbeKind.REPEAT, one.request)
    served = diagnosed(
        PROVEN,
        (one, answered("out", "other")),
        (same, answered("out", "other", values=b"5678")),
        (two, answered("out", "other")),
    )
    [finding] = served.findings
    assert finding.severity is not Severity.ERROR
    assert '"out"' in finding.message
    assert served.serve is PASS


def test_what_the_plan_leaves_out_is_said_once_the_graph_was_created() -> None:
    left_out = (NotExercised(None, "give a sample"),)
    assert diagnosed(PROVEN, left_out=left_out).not_exercised == list(left_out)
    assert diagnosed(Answer("INTERNAL", "x", 0.1), left_out=left_out).not_exercised == []


def test_a_sample_that_is_no_request_is_warned_of_where_it_goes_wrong() -> None:
    plan = Plan(creation_probe(), unread=(Unread(Path("samples/g/one.json"), "no JSON: Expecting value", 2, 3),))
    served = diagnose_serving(GRAPH, plan, Exercise(creation=PROVEN), Logs("", ""), LIVES)
    [finding] = served.findings
    assert (finding.code, finding.severity) == ("GV834", Severity.WARNING)
    assert finding.location == Span("samples/g/one.json", 2, 3, 2, 4)
    assert finding.message == "sample one.json is no request: no JSON: Expecting value"


def test_an_answer_without_values_or_outputs_breaks_nothing() -> None:
    empty = Answer("OK", "", 0.1, messages.ModelInferResponse())
    first = full_probe()
    served = diagnosed(PROVEN, (first, empty), (Probe(ProbeKind.REPEAT, first.request), answered("out", "other")))
    assert [f.code for f in served.findings] == ["GV823"]


@pytest.mark.parametrize(
    ("counted", "label", "serve"),
    [
        ({"ovms_requests_rejected": 2}, "", None),
        ({"ovms_requests_rejected": 2}, "sample.json", FAIL),
        ({"ovms_requests_rejected": 1, "ovms_requests_accepted": 1, "ovms_graph_error": 1}, "", FAIL),
        ({}, "", FAIL),
    ],
)
def test_counts_tell_a_bad_request_from_a_bad_graph_where_nothing_else_does(
    counted: dict[str, int], label: str, serve: StageStatus | None
) -> None:
    lost = Answer("UNKNOWN", "Unknown error", 0.1)
    served = diagnosed(PROVEN, (full_probe(label), lost), counted=counted)
    assert served.serve is serve
    assert [str(finding.evidence.get("metrics", "")) for finding in served.findings] == (
        [", ".join(f"{name} {count}" for name, count in counted.items())] if serve is FAIL else []
    )
    assert bool(served.not_exercised) == (serve is None)


def test_what_the_log_tells_counts_before_the_counts() -> None:
    lost = Answer("UNKNOWN", "Unknown error", 0.1)
    log = ASKED + line('Calculator::Open() for node "second" failed: no model', "error")
    served = diagnosed(PROVEN, (full_probe(), lost), stdout=log, counted={"ovms_requests_rejected": 2})
    assert [finding.node for finding in served.findings] == ["second"]
