"""What the pool directive changes: each mistake with it is found in any sound graph, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphval.catalog import load
from graphval.findings import Effect, Finding, Phase, Severity
from graphval.rules.mechanism import Level
from graphval.rules.registry import all_rules

from .documentation import findings_of, sections, write
from .genai_deployments import GOOD, Case, findings
from .judging import judged

DIRECTIVE = "# OVMS_GRAPH_QUEUE_MAX_SIZE: "
PASS = 'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }\n'
HEAD = 'input_stream: "in"\noutput_stream: "out"\n'
PLAIN = HEAD + PASS
PYTHON = HEAD.replace('"in"', '"OVMS_PY_TENSOR:in"').replace('"out"', '"OVMS_PY_TENSOR:out"') + (
    'node {\n  name: "n"\n  calculator: "PythonExecutorCalculator"\n  input_side_packet: "PYTHON_NODE_RESOURCES:py"\n'
    '  input_stream: "IN:in"\n  output_stream: "OUT:out"\n'
    '  input_stream: "LOOPBACK:loop"\n  output_stream: "LOOPBACK:loop"\n'
    '  input_stream_info { tag_index: "LOOPBACK" back_edge: true }\n'
    '  input_stream_handler { input_stream_handler: "SyncSetInputStreamHandler"\n'
    '    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } } }\n'
    '  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "m.py" } }\n}\n'
)
REMEMBERS = (
    HEAD
    + 'node { calculator: "PacketClonerCalculator" input_stream: "in" input_stream: "TICK:in" output_stream: "out" }\n'
)


def told(text: str, *, release: str | None = None) -> list[Finding]:
    return [f for f in judged(text, release=release, no_models=True).findings if f.severity is not Severity.INFO]


@pytest.mark.parametrize("value", ["AUTO", "0", "1", "64", "+4"])
def test_values_that_ovms_reads(value: str) -> None:
    assert told(DIRECTIVE + value + "\n" + PLAIN) == []


@pytest.mark.parametrize("value", ["auto", "-1", "two", "2147483648", "1.5", "4,"])
def test_values_that_ovms_refuses(value: str) -> None:
    [found] = told(DIRECTIVE + value + "\n" + PLAIN)
    assert (found.code, found.phase, found.effect) == ("GV520", Phase.LOAD, Effect.REJECT)
    assert (found.location.line, found.location.column) == (1, len(DIRECTIVE) + 1)


@pytest.mark.parametrize(
    "line",
    [
        "# OVMS_GRAPH_QUEUE_SIZE: 4",
        "# OVMS_GRAPH_QUEUE_MAX_SIZE 4",
        "# OVMS_GRAPH_QUEUE_MAX_SIZE = AUTO",
        "# OVMS_GRAPH_QUEUE_MAX_SIZE: 4 graphs are enough",
        "# ovms_graph_queue_max_size: 4",
        "# OVMS_GRAPH_POOL_SIZE: AUTO",
    ],
)
def test_lines_that_only_look_like_the_directive(line: str) -> None:
    [found] = told(f"{line}\n{PLAIN}")
    assert (found.code, found.effect, found.location.line) == ("GV521", Effect.WRONG, 1)


def test_behind_other_text_it_is_a_comment() -> None:
    [found] = told(f'type: "a"  {DIRECTIVE}4\n{PLAIN}')
    assert (found.code, found.location.column) == ("GV521", 12)


def test_of_two_the_first_counts() -> None:
    [found] = told(f"{DIRECTIVE}2\n{DIRECTIVE}AUTO\n{PLAIN}")
    assert (found.code, found.location.line) == ("GV521", 2)
    assert [related.location.line for related in found.related] == [1]


@pytest.mark.parametrize(
    "line",
    [
        "# OVMS_GRAPH_QUEUE_MAX_SIZE is read by OVMS",
        "# see OVMS_GRAPH_QUEUE_MAX_SIZE: 4 in the manual",
        "# the queue holds 4 graphs",
    ],
)
def test_prose_is_left_alone(line: str) -> None:
    assert told(f"{line}\n{PLAIN}") == []


@pytest.mark.parametrize(
    ("release", "said"), [("2026.2.1", True), ("2026.1", True), ("2026.3", False), ("2026.4", False)]
)
def test_releases_that_do_not_read_it_say_so_for_information(release: str, said: bool) -> None:
    found = judged(DIRECTIVE + "AUTO\n" + PLAIN, release=release).findings
    assert [(f.code, f.severity) for f in found] == ([("GV521", Severity.INFO)] if said else [])


@pytest.mark.parametrize(("release", "refused"), [("2026.2.1", False), ("2026.3", True)])
def test_loops_of_python_nodes(release: str, refused: bool) -> None:
    assert told(PYTHON, release=release) == []
    found = told(DIRECTIVE + "2\n" + PYTHON, release=release)
    assert [f.code for f in found] == (["GV522"] if refused else [])


def test_what_is_kept_of_a_request() -> None:
    assert told(REMEMBERS) == []
    assert told(DIRECTIVE + "0\n" + REMEMBERS) == []
    [found] = told(DIRECTIVE + "2\n" + REMEMBERS)
    assert (found.code, found.phase, found.effect) == ("GV526", Phase.SERVE, Effect.WRONG)


@pytest.mark.parametrize("name", [name for name, case in GOOD.items() if not case.kind.loops])
def test_nodes_without_loop_may_stand_in_a_pool(name: str, tmp_path: Path) -> None:
    case = GOOD[name]
    assert findings(Case(case.kind, case.options, case.files, (DIRECTIVE + "AUTO",)), tmp_path) == []


@pytest.mark.parametrize("name", [name for name, case in GOOD.items() if case.kind.loops])
def test_language_models_need_their_contexts(name: str, tmp_path: Path) -> None:
    case = GOOD[name]
    [found] = findings(Case(case.kind, case.options, case.files, (DIRECTIVE + "AUTO",)), tmp_path)
    assert (found.code, found.effect) == ("GV523", Effect.WRONG)


AT_THE_START = {"GV211", "GV212", "GV307", "GV313", "GV501", "GV502", "GV503", "GV504", "GV705"}
"""Mistakes that are met when a graph is started: with a pool that is when the server loads it."""


BY_GRAPH = {c: rule for c, rule in all_rules().items() if rule.phase is Phase.CREATE and rule.level is not Level.ENGINE}


@pytest.mark.parametrize("code", BY_GRAPH)
def test_a_pool_is_started_at_load(code: str, tmp_path: Path) -> None:
    folder = write(sections(BY_GRAPH[code].doc)["Bad"], tmp_path)
    for graph in tmp_path.rglob("graph.pbtxt"):
        graph.write_text(f"{DIRECTIVE}AUTO\n{graph.read_text(encoding='utf-8')}", encoding="utf-8")
    moments = {found.phase for found in findings_of(folder) if found.code == code}
    assert moments == {Phase.LOAD if code in AT_THE_START else Phase.CREATE}


REMEMBER = {
    "LandmarksSmoothingCalculator",
    "PacketClonerCalculator",
    "PacketResamplerCalculator",
    "PacketThinnerCalculator",
    "PreviousLoopbackCalculator",
    "SequenceShiftCalculator",
    "TrackedDetectionManagerCalculator",
    "VisibilitySmoothingCalculator",
}
"""Keep members between packets that `Open` does not set anew (`mediapipe/calculators/{core,util}/*.cc`)."""


def test_calculators_that_remember() -> None:
    names = sorted(name for name in load().calculators if not name.startswith("SidePacket"))
    told_of = set()
    for name in names:
        found = judged(f'{DIRECTIVE}2\n{PLAIN}node {{ calculator: "{name}" }}\n', no_models=True).findings
        told_of |= {name for finding in found if finding.code == "GV526"}
    assert told_of == REMEMBER


@pytest.mark.parametrize(("tag", "once"), [("AT_TICK", False), ("AT_FIRST_TICK", True), ("AT_ZERO", True)])
def test_side_packets_that_are_sent_once(tag: str, once: bool) -> None:
    node = f'node {{ calculator: "SidePacketToStreamCalculator" output_stream: "{tag}:x" }}\n'
    found = judged(f"{DIRECTIVE}2\n{PLAIN}{node}", no_models=True).findings
    assert any(finding.code == "GV526" for finding in found) is once
