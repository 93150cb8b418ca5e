"""Applying the rules: which are asked, in what order findings come, and what is left undecided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphval.catalog import load as load_catalog
from graphval.deployment import load as load_deployment
from graphval.findings import Effect, Phase, Severity
from graphval.rules.run import MAX_HITS, Judgement, judge

from .judging import judged

PASS = 'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }\n'
SOUND = f'input_stream: "in"\noutput_stream: "out"\n{PASS}'
LOOP = """\
input_stream: "in"
output_stream: "out"
node {
  calculator: "PreviousLoopbackCalculator"
  input_stream: "MAIN:in"
  input_stream: "LOOP:out"
  output_stream: "PREV_LOOP:out"
  input_stream_info { tag_index: "LOOP" back_edge: true }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOP:1" } } }
  }
}
"""
PYTHON = """\
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "handler"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  output_stream: "OUTPUT:out"
  node_options { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions] { handler_path: "model.py" } }
}
"""


def codes(text: str, **how: str) -> list[str]:
    return [finding.code for finding in judged(text, **how).findings]


def deployment(folder: Path, graphs: dict[str, str], **more: object) -> Judgement:
    """A config.json with these graphs, judged."""
    for name, text in graphs.items():
        (folder / name).mkdir()
        (folder / name / "graph.pbtxt").write_text(text, encoding="utf-8")
    config = {"model_config_list": [], "mediapipe_config_list": [{"name": name} for name in graphs], **more}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return judge(load_deployment(folder / "config.json"), load_catalog())


class TestPhase:
    """Starting a graph is part of the first request, or of loading where there is a pool."""

    @pytest.mark.parametrize(
        ("directive", "release", "phase"),
        [
            ("", "2026.4", Phase.CREATE),
            ("# OVMS_GRAPH_QUEUE_MAX_SIZE: 0\n", "2026.4", Phase.CREATE),
            ("# OVMS_GRAPH_QUEUE_MAX_SIZE: 2\n", "2026.4", Phase.LOAD),
            ("# OVMS_GRAPH_QUEUE_MAX_SIZE: AUTO\n", "2026.4", Phase.LOAD),
            ("# OVMS_GRAPH_QUEUE_MAX_SIZE: 2\n", "2026.2.1", Phase.CREATE),
            ("# OVMS_GRAPH_QUEUE_MAX_SIZE: 2\n", "2025.4.1", Phase.CREATE),
        ],
    )
    def test_with_a_pool_it_comes_earlier(self, directive: str, release: str, phase: Phase) -> None:
        found = {finding.code: finding for finding in judged(directive + LOOP, release=release).findings}
        assert (found["GV501"].phase, found["GV501"].effect) == (phase, Effect.ABORT)

    def test_what_is_seen_at_load_anyway_stays(self) -> None:
        text = "# OVMS_GRAPH_QUEUE_MAX_SIZE: 2\n" + SOUND.replace("PassThroughCalculator", "Passing")
        [found] = judged(text).findings
        assert (found.code, found.phase) == ("GV301", Phase.LOAD)

    def test_a_graph_without_contexts_has_no_pool(self) -> None:
        text = f'# OVMS_GRAPH_QUEUE_MAX_SIZE: 2\n{LOOP}node {{ name: "llm" calculator: "HttpLLMCalculator" }}\n'
        found = {finding.code: finding for finding in judged(text).findings}
        assert found["GV501"].phase is Phase.CREATE


class TestText:
    """What can still be said after a mistake in the text."""

    def test_after_a_mistake_in_the_syntax_only_the_text_is_judged(self) -> None:
        graph = judged('input_stream: "in"\nnode { calculator: "Passing" input_stream: }\n')
        assert [finding.code for finding in graph.findings] == ["GV103"]
        assert (graph.graph, graph.context, graph.wiring) == (None, None, None)

    def test_a_node_with_a_mistake_inside_is_not_judged_and_the_others_are(self) -> None:
        odd = 'node { calculator: "Passing" prority: 1 }\n'
        assert codes(SOUND + odd) == ["GV120"]
        assert codes(SOUND + odd + odd.replace("prority: 1", "")) == ["GV120", "GV301"]

    def test_wiring_is_not_judged_where_a_stream_may_be_lost(self) -> None:
        lost = SOUND.replace('input_stream: "in" output', 'input_streem: "inn" output')
        assert codes(lost) == ["GV120"]

    def test_wiring_is_judged_where_only_options_are_wrong(self) -> None:
        options = "node_options { [type.googleapis.com/mediapipe.PacketThinnerCalculatorOptions] { perod: 1 } }"
        thin = PASS.replace("PassThrough", "PacketThinner").replace('"in"', '"inn"').replace(" }\n", f" {options} }}\n")
        assert codes(SOUND.replace(PASS, thin)) == ["GV210", "GV120"]

    @pytest.mark.parametrize(
        ("node", "told"),
        [
            ('calculator: "Passing" {}', ["GV301"]),
            (
                'calculator: "GateCalculator" input_stream: "in" output_stream: "x" input_stream: "STOP:in" {}',
                ["GV304"],
            ),
            (
                'calculator: "PreviousLoopbackCalculator" input_stream: "MAIN:in" output_stream: "PREV_LOOP:x" {}',
                ["GV303"],
            ),
            ('calculator: "GateCalculator" input_stream: "in" output_stream: "x" executor: "mine" {}', ["GV532"]),
            ('calculator: "MuxCalculator" {}', ["GV303"]),
            ('prority: 1 calculator: "Passing" {}', ["GV120"]),
        ],
    )
    def test_what_does_not_hang_on_options_is_judged_where_only_those_are_wrong(
        self, node: str, told: list[str]
    ) -> None:
        wrong = "node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { alow: true } }"
        found = codes(f"{SOUND}node {{ {node.format(wrong)} }}\n")
        assert sorted(found) == sorted([*told, "GV120"])

    def test_what_protobuf_would_print_is_kept(self) -> None:
        [found] = judged(SOUND + "prority: 1\n").findings
        assert "prority" in found.evidence["protobuf"]

    def test_an_empty_text(self) -> None:
        assert set(codes("")) == {"GV201"}


class TestFindings:
    """Findings as they leave the rules."""

    def test_they_come_in_the_order_of_the_file(self) -> None:
        text = "".join(f'node {{ calculator: "No{n}" input_stream: "s{n}" }}\n' for n in range(5)) + SOUND
        places = [(f.location.line, f.location.column, f.code) for f in judged(text).findings]
        assert places == sorted(places)
        assert len(places) == 10

    def test_each_is_said_once(self) -> None:
        found = judged(LOOP.replace('"LOOP:1"', '"LOOP:1" tag_index: "LOOP:2" tag_index: "MAIN:7"')).findings
        assert len({(f.code, f.location, f.message) for f in found}) == len(found)

    def test_they_name_graph_and_node(self) -> None:
        [found] = [f for f in judged(LOOP).findings if f.code == "GV501"]
        assert (found.graph, found.node, found.location.file) == ("g", "PreviousLoopbackCalculator", "graph.pbtxt")

    def test_a_rule_may_weigh_one_place_otherwise(self) -> None:
        later = judged(LOOP.replace('output_stream: "out"', 'output_stream: "lost"')).findings
        pooled = judged("# OVMS_GRAPH_QUEUE_MAX_SIZE: 1\n" + LOOP.replace('"out"\nnode', '"lost"\nnode')).findings
        assert {(f.phase, f.effect) for f in later if f.code == "GV211"} == {(Phase.CREATE, Effect.REJECT)}
        assert {(f.phase, f.effect) for f in pooled if f.code == "GV211"} == {(Phase.LOAD, Effect.ABORT)}


class TestSkips:
    """What the files do not tell is said, never guessed."""

    def test_files_that_are_not_at_hand_are_missed(self) -> None:
        assert codes(PYTHON) == ["GV710"]

    def test_unless_they_are_said_to_lie_elsewhere(self) -> None:
        graph = judged(PYTHON, no_models=True)
        assert graph.findings == ()
        assert [(skip.node, "model.py" in skip.reason or "files" in skip.reason) for skip in graph.skips] == [
            ("handler", True)
        ]

    def test_the_rest_is_judged_all_the_same(self) -> None:
        graph = judged(PYTHON.replace('"INPUT:in"', '"INPUT:inn"'), no_models=True)
        assert [finding.code for finding in graph.findings] == ["GV210"]

    def test_each_is_said_once(self) -> None:
        graph = judged(PYTHON + PYTHON.partition("\nnode")[2].join(["node", ""]), no_models=True)
        assert len(set(graph.skips)) == len(graph.skips)


class TestDeployments:
    """Several graphs behind one config.json."""

    def test_each_graph_has_its_own_findings(self, tmp_path: Path) -> None:
        broken = SOUND.replace("PassThroughCalculator", "Passing")
        found = deployment(tmp_path, {"good": SOUND, "bad": broken, "worse": broken + "node {"})
        assert {g.entry.name: [f.code for f in g.findings] for g in found.graphs} == {
            "good": [],
            "bad": ["GV301"],
            "worse": ["GV104"],
        }
        assert (found.findings, found.skips) == ((), ())
        assert {f.graph for g in found.graphs for f in g.findings} == {"bad", "worse"}

    def test_a_missing_graph_is_that_graphs_own(self, tmp_path: Path) -> None:
        found = deployment(tmp_path, {"good": SOUND}, mediapipe_config_list=[{"name": "good"}, {"name": "gone"}])
        assert {g.entry.name: [f.code for f in g.findings] for g in found.graphs} == {"good": [], "gone": ["GV610"]}
        assert found.graphs[1].graph is None

    def test_a_mistake_in_config_json_belongs_to_no_graph(self, tmp_path: Path) -> None:
        found = deployment(tmp_path, {"good": SOUND}, modle_config_list=[])
        assert [(f.code, f.graph, f.severity) for f in found.findings] == [("GV601", None, Severity.ERROR)]
        assert found.graphs[0].findings == ()

    def test_a_subconfig_that_cannot_be_read_stops_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "good").mkdir()
        (tmp_path / "good" / "subconfig.json").write_text("{,}", encoding="utf-8")
        (tmp_path / "good" / "graph.pbtxt").write_text(SOUND, encoding="utf-8")
        (tmp_path / "config.json").write_text(
            '{"model_config_list": [], "mediapipe_config_list": [{"name": "good"}]}', encoding="utf-8"
        )
        found = judge(load_deployment(tmp_path / "config.json"), load_catalog())
        said = [*found.findings, *found.graphs[0].findings]
        assert {f.severity for f in said} == {Severity.WARNING}
        assert {Path(f.location.file).name for f in said if f.code.startswith("GV1")} == {"subconfig.json"}

    def test_the_second_graph_of_a_name_is_never_loaded(self, tmp_path: Path) -> None:
        twice = [{"name": "twin", "base_path": "a"}, {"name": "twin", "base_path": "b"}, {"name": "a"}]
        found = deployment(tmp_path, {"a": SOUND, "b": SOUND}, mediapipe_config_list=twice)
        assert [g.never_loaded for g in found.graphs] == [False, True, False]


GRAPHS = sorted(Path(__file__).parents[2].glob("graphs/*/*/**/*.pbtxt"))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A graph of the examples after a few blind edits."""
    text = draw(st.sampled_from(GRAPHS)).read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        put = draw(
            st.sampled_from(
                ["", "", '"', "{", "}", ":", "[", "\0", "é", "1e999", "-", text[start:end] * 2, '""', "node {}"]
            )
        )
        text = text[:start] + put + text[end:]
    return text


@settings(max_examples=150, deadline=None)
@given(damaged(), st.booleans())
def test_whatever_is_in_a_graph_the_rules_point_into_it(text: str, no_models: bool) -> None:
    lines = text.split("\n")
    for finding in judged(text, no_models=no_models).findings:
        for span in (finding.location, *(related.location for related in finding.related)):
            if span.file == "graph.pbtxt":
                assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
                assert span.end_line <= len(lines)
                assert span.column <= len(lines[span.line - 1]) + 1
                assert span.end_column <= len(lines[span.end_line - 1]) + 1
        assert finding.message
        assert "\n" not in finding.message


@pytest.mark.parametrize("count", [MAX_HITS - 1, MAX_HITS, MAX_HITS + 50])
def test_what_is_found_very_often_is_not_listed_without_end(count: int) -> None:
    found = judged(SOUND + 'node { calculator: "NoSuchCalculator" }\n' * count + PASS)
    codes = [finding.code for finding in found.findings]
    assert codes.count("GV301") == min(count, MAX_HITS)
    assert "GV207" in codes or len(set(codes)) > 1, "other rules are still asked"
    told = [skip.reason for skip in found.skips if "GV301" in skip.reason]
    assert told == ([f"GV301 was found {MAX_HITS} times and was not looked for further"] if count >= MAX_HITS else [])


def test_no_finding_about_a_graph_of_a_large_deployment_is_left_out(tmp_path: Path) -> None:
    names = [{"name": f"g{number}"} for number in range(MAX_HITS + 50)]
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": [*names, {"name": "g7"}]}))
    judgement = judge(load_deployment(config), load_catalog())
    assert all(graph.findings for graph in judgement.graphs)
    assert [graph.never_loaded for graph in judgement.graphs] == [False] * len(names) + [True]


def test_of_graphs_of_one_name_the_first_shows_all_that_is_said(tmp_path: Path) -> None:
    """Their findings are about the name, so that all of them would be said of each."""
    config = tmp_path / "config.json"
    graphs = [{"name": "twin", "base_path": "a"}] * 15 + [{"name": "other", "base_path": "a"}]
    config.write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": graphs}))
    judgement = judge(load_deployment(config), load_catalog())
    said = [sum(finding.code == "GV610" for finding in graph.findings) for graph in judgement.graphs]
    assert said == [15] + [10] * 14 + [1]


def test_a_message_is_one_line_whatever_it_quotes(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"model_config_list": [], "a\\nb": 1}')
    messages = [finding.message for finding in judge(load_deployment(config), load_catalog()).findings]
    assert messages
    assert all("\n" not in message for message in messages)
    assert any("a\u240ab" in message for message in messages)
