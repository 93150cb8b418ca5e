"""What MediaPipe drops without a word, and nodes whose inputs come apart: each mistake, and what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.findings import Effect, Phase, Severity

from .judging import judged

HEAD = 'input_stream: "a"\ninput_stream: "b"\noutput_stream: "o"\n'
IMMEDIATE = 'input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }'
DEFAULT = 'input_stream_handler { input_stream_handler: "DefaultInputStreamHandler" }'
SYNC = "[mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: ':0' } }"
BATCH = "[mediapipe.DefaultInputStreamHandlerOptions.ext] { batch_size: 1 }"
SIZES = "[mediapipe.FixedSizeInputStreamHandlerOptions.ext] { trigger_queue_size: 2 target_queue_size: 1 }"
FACES = 'calculator: "FaceDetectionShortRangeCpu" input_stream: "IMAGE:a" output_stream: "DETECTIONS:o"'
BEGIN = 'calculator: "BeginLoopTensorCalculator" input_stream: "ITERABLE:a" output_stream: "ITEM:i"'
END = 'calculator: "EndLoopTensorCalculator" input_stream: "ITEM:i" output_stream: "ITERABLE:o"'


def node(text: str) -> str:
    return f"node {{ {text} }}\n"


def handler(name: str, options: str) -> str:
    named = f'input_stream_handler: "{name}" ' if name else ""
    return f"input_stream_handler {{ {named}options {{ {options} }} }}\n"


def told(text: str, code: str) -> list[str]:
    return [finding.message for finding in judged(HEAD + text).findings if finding.code == code]


@pytest.mark.parametrize(
    ("rest", "dropped"),
    [
        ('executor: "x"', ["executor"]),
        ("max_in_flight: 2", ["max_in_flight"]),
        (IMMEDIATE, ["input_stream_handler"]),
        (f'executor: "x" {IMMEDIATE}', ["executor", "input_stream_handler"]),
        ('executor: "" max_in_flight: 0', []),
        ("", []),
    ],
)
def test_what_a_subgraph_is_not_given(rest: str, dropped: list[str]) -> None:
    said = "FaceDetectionShortRangeCpu is a subgraph, whose nodes do not get its "
    assert told(node(f"{FACES} {rest}"), "GV323") == [said + name for name in dropped]


def test_a_calculator_and_the_subgraph_that_hands_on_keep_their_scheduling() -> None:
    kept = f"max_in_flight: 1 {DEFAULT}"
    tensors = 'input_stream: "TENSORS:a" output_stream: "TENSORS:o"'
    assert told(node(f'calculator: "InferenceCalculator" {tensors} {kept}'), "GV323") == []
    assert told(node(f'calculator: "PassThroughCalculator" input_stream: "a" output_stream: "o" {kept}'), "GV323") == []


MERGE = 'calculator: "MergeCalculator" input_stream: "a" input_stream: "b" output_stream: "o" '
LOOPBACK = 'calculator: "PreviousLoopbackCalculator" input_stream: "MAIN:a" input_stream: "LOOP:b" output_stream: "o" '


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        (node(MERGE + handler("DefaultInputStreamHandler", SYNC)), "DefaultInputStreamHandler does not read {sync}"),
        (node(MERGE + handler("SyncSetInputStreamHandler", BATCH)), "SyncSetInputStreamHandler does not read {batch}"),
        (node(MERGE + handler("BarrierInputStreamHandler", BATCH)), "BarrierInputStreamHandler does not read {batch}"),
        (node(MERGE + handler("", SYNC)), "DefaultInputStreamHandler does not read {sync}"),
        (node(LOOPBACK + handler("", BATCH)), "ImmediateInputStreamHandler does not read {batch}"),
        (handler("DefaultInputStreamHandler", SYNC) + node(MERGE), "DefaultInputStreamHandler does not read {sync}"),
        (handler("", BATCH) + node(MERGE), "nobody reads {batch}"),
        (node(MERGE + handler("DefaultInputStreamHandler", BATCH)), ""),
        (node(MERGE + handler("FixedSizeInputStreamHandler", f"{SIZES} {BATCH}")), ""),
        (node(MERGE + handler("SyncSetInputStreamHandler", SYNC)), ""),
        (node(MERGE + handler("", BATCH)), ""),
        (handler("SyncSetInputStreamHandler", SYNC) + node(MERGE), ""),
        (node(MERGE + handler("NoInputStreamHandler", SYNC)), ""),
        (node(f"{FACES} {handler('DefaultInputStreamHandler', SYNC)}"), ""),
    ],
)
def test_options_that_the_handler_in_force_does_not_read(text: str, unread: str) -> None:
    said = unread.format(
        sync="mediapipe.SyncSetInputStreamHandlerOptions", batch="mediapipe.DefaultInputStreamHandlerOptions"
    )
    assert told(text, "GV517") == ([said] if said else [])


PASS = 'calculator: "PassThroughCalculator" input_stream: "a" input_stream: "b" output_stream: "o" output_stream: "p" '
PYTHON = 'calculator: "PythonExecutorCalculator" input_stream: "A:a" input_stream: "B:b" output_stream: "O:o" '
CLONER = 'calculator: "PacketClonerCalculator" input_stream: "a" input_stream: "TICK:b" output_stream: "o" '
OPTIONAL = 'input_stream: "FLOAT:a" input_stream: "THRESHOLD:b" output_stream: "FLAG:o" '
THRESHOLD = f'calculator: "ThresholdingCalculator" {OPTIONAL}'
JOINED = 'calculator: "AnnotationOverlayCalculator" input_stream: "a" input_stream: "b" output_stream: "IMAGE:o" '
ITEMS = 'input_stream: "ITEM:a" input_stream: "BATCH_END:b" output_stream: "ITERABLE:o" '
BATCHED = f'calculator: "EndLoopTensorCalculator" {ITEMS}'
LOOP = 'input_stream_info { tag_index: ":1" back_edge: true } '
APART = 'is run for "a" and "b" each alone, and needs them together'


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        (node(PASS + IMMEDIATE), [f'"PassThroughCalculator" {APART}']),
        (IMMEDIATE + node(PASS), [f'"PassThroughCalculator" {APART}']),
        (
            IMMEDIATE + node(PASS + 'name: "both"') + node(MERGE.replace('"o"', '"q"')),
            [f'"both" {APART}', f'"MergeCalculator" {APART}'],
        ),
        (IMMEDIATE + node(PASS + DEFAULT), []),
        (node(PASS), []),
        (node(PASS.replace('stream: "b"', 'stream: "p"') + LOOP + IMMEDIATE), []),
        (node('calculator: "PassThroughCalculator" input_stream: "a" output_stream: "o" ' + IMMEDIATE), []),
        (node(PYTHON + IMMEDIATE), []),
        (node(CLONER + IMMEDIATE), []),
        (node(THRESHOLD + IMMEDIATE), []),
        (node(JOINED + IMMEDIATE), [f'"AnnotationOverlayCalculator" {APART}']),
        (node(BATCHED + IMMEDIATE), [f'"EndLoopTensorCalculator" {APART}']),
        (node(MERGE.replace('"o"', '"q"')) + node(PASS + IMMEDIATE), [f'"PassThroughCalculator" {APART}']),
        (node(LOOPBACK.replace('"o"', '"PREV_LOOP:o"') + IMMEDIATE), []),
    ],
)
def test_inputs_that_come_apart(text: str, apart: list[str]) -> None:
    assert told(text, "GV518") == apart


ENDS = 'output_stream: "BATCH_END:e" '
READS = 'input_stream: "BATCH_END:e" '
ENDS_ELSEWHERE = 'calculator: "PassThroughCalculator" input_stream: "e" output_stream: "o"'


@pytest.mark.parametrize(
    ("text", "dies"),
    [
        (node(BEGIN + ENDS + IMMEDIATE) + node(END + READS), True),
        (node(BEGIN + ENDS + IMMEDIATE) + node(END + READS + DEFAULT), True),
        (IMMEDIATE + node(BEGIN + ENDS) + node(END + READS + DEFAULT), True),
        (IMMEDIATE + node(BEGIN + ENDS) + node(END + READS), False),
        (node(BEGIN + ENDS) + node(END + READS), False),
        (node(BEGIN + ENDS) + node(END + READS + IMMEDIATE), False),
        (node(BEGIN + ENDS + IMMEDIATE) + node(ENDS_ELSEWHERE), False),
        ("# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + node(BEGIN + ENDS + IMMEDIATE) + node(END + READS), False),
    ],
)  # fmt: skip
def test_the_end_of_a_loop_dies_when_its_beginning_is_run_at_close(text: str, dies: bool) -> None:
    said = '"BeginLoopTensorCalculator" begins a loop, and is run once more when the request ends'
    assert told(text, "GV514") == ([said] if dies else [])


def traced(settings: str) -> str:
    return f"num_threads: 4\nprofiler_config {{ {settings} }}\n" + node(PASS)


TRACED = "trace_enabled: true "


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        (TRACED + 'trace_log_path: "/no/such/folder/"', Severity.ERROR),
        (TRACED + 'trace_log_path: "/no/such/folder/trace_"', Severity.ERROR),
        (TRACED + 'trace_log_path: "/no/such/x" trace_log_instant_events: true', Severity.ERROR),
        (TRACED + 'trace_log_path: "traces/x"', Severity.WARNING),
        (TRACED + 'trace_log_path: "x"', Severity.WARNING),
        (TRACED + 'trace_log_path: "/no/such/x" trace_log_disabled: true', None),
        (TRACED + 'trace_log_path: "/tmp/x"', None),
        (TRACED + 'trace_log_path: "/tmp/"', None),
        (TRACED + 'trace_log_path: ""', None),
        (TRACED + 'trace_log_path: "/x"', None),
        ('trace_log_path: "/no/such/x"', None),
        ('trace_enabled: false trace_log_path: "/no/such/x"', None),
    ],
)
def test_the_folder_of_the_trace_log(settings: str, severity: Severity | None) -> None:
    found = [finding for finding in judged(HEAD + traced(settings)).findings if finding.code == "GV543"]
    assert [(f.severity, f.phase, f.effect) for f in found] == (
        [(severity, Phase.SERVE, Effect.REJECT)] if severity is not None else []
    )


def test_the_folder_of_the_trace_log_where_it_exists_is_not_at_hand_or_not_used(tmp_path: Path) -> None:
    missing, there = (
        HEAD + traced(TRACED + f'trace_log_path: "{tmp_path}/{name}"') for name in ("no/trace_", "trace_")
    )
    assert [f.code for f in judged(there).findings] == []
    apart = judged(missing, no_models=True)
    assert [f.code for f in apart.findings] == []
    assert f"the folder {tmp_path}/no for the trace log is not at hand" in [s.reason for s in apart.skips]
    assert [f.code for f in judged("# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + missing).findings] == []


@pytest.mark.parametrize(
    ("settings", "effect"),
    [
        ("num_histogram_intervals: -1", Effect.ABORT),
        ("num_histogram_intervals: 2147483648", Effect.ABORT),
        ("num_histogram_intervals: 1000000000000000", Effect.ABORT),
        ("num_histogram_intervals: 4294967296", None),
        ("num_histogram_intervals: 10", None),
        (TRACED + "trace_log_capacity: -1", Effect.ABORT),
        (TRACED + "trace_log_capacity: 4398046511104", Effect.REJECT),
        (TRACED + "trace_log_capacity: 4398046511103", None),
        ("trace_log_capacity: 4398046511104", None),
    ],
)
def test_sizes_of_the_profiler(settings: str, effect: Effect | None) -> None:
    found = [finding for finding in judged(HEAD + traced(settings)).findings if finding.code == "GV541"]
    assert [finding.effect for finding in found] == ([effect] if effect is not None else [])


TENSORS = 'input_stream: "TENSOR:a" input_stream: "TENSOR:1:b" output_stream: "TENSOR:o"'
FLOW = 'calculator: "FlowLimiterCalculator" input_stream: "a" input_stream: "FINISHED:b" output_stream: "o" '
BACK = 'input_stream_info { tag_index: "FINISHED" back_edge: true } '


@pytest.mark.parametrize(
    ("text", "told_of"),
    [
        (MERGE + IMMEDIATE + " max_in_flight: 2", True),
        (MERGE + IMMEDIATE + " max_in_flight: 1", False),
        (MERGE + DEFAULT + " max_in_flight: 2", False),
        (MERGE + "max_in_flight: 2", False),
        (FLOW + "max_in_flight: 2", True),
        (FLOW.replace('"FINISHED:b"', '"FINISHED:o"') + BACK + "max_in_flight: 2", False),
        (FLOW + DEFAULT + " max_in_flight: 2", False),
        (MERGE.replace(' input_stream: "b"', "") + IMMEDIATE + " max_in_flight: 2", False),
        (MERGE + handler("SyncSetInputStreamHandler", SYNC) + " max_in_flight: 2", True),
        (MERGE + handler("SyncSetInputStreamHandler", SYNC) + " max_in_flight: 1", False),
        (
            MERGE.replace(' input_stream: "b"', "") + handler("SyncSetInputStreamHandler", SYNC) + " max_in_flight: 2",
            False,
        ),
        (f"{FACES} {IMMEDIATE} max_in_flight: 2", False),
        (f'calculator: "InferenceCalculator" {TENSORS} {IMMEDIATE} max_in_flight: 2', True),
    ],
)
def test_runs_at_once_of_a_node_that_is_run_for_each_input(text: str, told_of: bool) -> None:
    said = "max_in_flight 2 cannot be combined with several sync sets"
    assert told(node(text), "GV511") == ([said] if told_of else [])
