"""Where there is more than is listed, looked up or walked, the rest is left out in good order."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.rules.run import judge

from .judging import judged

SESSION = 'node { calculator: "X" node_options { [type.googleapis.com/mediapipe.%s] {} } }\n'


def test_required_fields_that_are_missing_are_listed_up_to_a_hundred_and_end_nothing() -> None:
    found = judged(SESSION % "OpenVINOModelServerSessionCalculatorOptions" * 300)
    codes = Counter(finding.code for finding in found.findings)
    assert codes["GV125"] == 100
    assert found.graph is not None
    assert len(found.graph.nodes) == 300
    assert codes["GV301"] == 100  # of the other two hundred nodes


def test_a_problem_in_one_node_leaves_its_neighbours_sure() -> None:
    good, bad = 'node { calculator: "PassThroughCalculator" }', 'node { calculator: "X" what: 1 }'
    found = judged(good + bad + good)
    assert found.context is not None
    assert found.context.unsure == {1}


@pytest.mark.parametrize(("gates", "too_many"), [(100, False), (600, True)])
def test_the_way_from_shut_gates_is_walked_so_far(gates: int, too_many: bool) -> None:
    gate = 'node { calculator: "GateCalculator" input_stream: "s%d" output_stream: "s%d" }\n'
    chain = "".join(gate % (number, number + 1) for number in reversed(range(gates)))
    found = judged(f'input_stream: "s0"\noutput_stream: "s{gates}"\n{chain}')
    assert sum(finding.code == "GV316" for finding in found.findings) == 100
    barren = judged(f'input_stream: "s0"\noutput_stream: "s0"\n{chain}')
    reason = "what its shut nodes keep from its outputs is more than is looked at"
    assert (reason in [skip.reason for skip in barren.skips]) is too_many


def test_of_very_many_streams_that_nobody_makes_the_first_ones_explain_unread_inputs() -> None:
    def unread(before: int) -> bool:
        nobody = "".join(f'node {{ calculator: "X" input_stream: "q{number}" }}\n' for number in range(before))
        misspelt = 'node { calculator: "X" input_stream: "pictrue" }\n'
        found = judged(f'input_stream: "picture"\noutput_stream: "out"\n{nobody}{misspelt}').findings
        return "GV216" in {finding.code for finding in found}

    assert not unread(99)
    assert unread(100)


def test_of_very_many_unknown_keys_the_first_ones_get_a_suggestion(tmp_path: Path) -> None:
    keys = {f"model_config_lis{number}": 1 for number in range(150)}
    families = [f"ovms_requests_succes{number}" for number in range(150)]
    monitoring = {"metrics": {"enable": True, "metrics_list": families}}
    config = {"model_config_list": [], "monitoring": monitoring, **keys}
    (tmp_path / "config.json").write_text(json.dumps(config))
    found = judge(load(tmp_path / "config.json"), load_catalog()).findings
    for code in ("GV601", "GV602"):
        advice = [finding.help for finding in found if finding.code == code]
        assert len(advice) == 150
        assert [text.startswith("did you mean") for text in advice] == [True] * 100 + [False] * 50


@pytest.mark.parametrize(("name", "value", "code"), [("NUM_STREAM", 1, "GV634"), ("PERFORMANCE_HINT", "x", "GV635")])
def test_of_one_model_a_hundred_wrong_settings_are_listed(name: str, value: object, code: str, tmp_path: Path) -> None:
    for file in ("openvino.xml", "openvino.bin"):
        (tmp_path / "m/1").mkdir(parents=True, exist_ok=True)
        (tmp_path / "m/1" / file).write_text("<net></net>")
    settings = ",".join([f'"{name}": {json.dumps(value)}'] * 150)
    model = f'{{"name": "m", "base_path": "m", "target_device": "CPU", "plugin_config": {{{settings}}}}}'
    (tmp_path / "config.json").write_text(f'{{"model_config_list": [{{"config": {model}}}]}}')
    found = judge(load(tmp_path / "config.json"), load_catalog()).findings
    assert sum(finding.code == code for finding in found) == 100


def test_a_subconfig_that_is_too_large_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "graph.pbtxt").write_text('input_stream: "in"\noutput_stream: "in"\n')
    (tmp_path / "subconfig.json").write_text(" " * (1 << 20) + "{}")
    found = judge(load(tmp_path), load_catalog()).findings
    assert [(finding.code, finding.severity.value) for finding in found] == [("GV113", "warning")]


def test_contained_nodes_are_looked_at_as_long_as_their_connections_are_not_too_many() -> None:
    def contained(streams: int, nodes: int) -> tuple[int, bool]:
        listed = "".join(f'input_stream: "A:{number}:a{number}"\n' for number in range(streams))
        inner = 'contained_node { calculator: "PassThroughCalculator" }\n' * nodes
        options = f"[type.googleapis.com/mediapipe.SwitchContainerOptions] {{ {inner} }}"
        found = judged(f'node {{ calculator: "SwitchContainer" {listed} node_options {{ {options} }} }}' * 2)
        assert found.context is not None
        skipped = any("contained nodes" in skip.reason for skip in found.skips)
        return len(found.context.contained), skipped

    assert contained(250, 100) == (200, False)
    assert contained(250, 101) == (201, True)
    assert contained(500, 300) == (101, True)


@pytest.mark.parametrize(
    ("count", "listed"), [(20, ":18 and :19"), (21, ":18, :19 and 1 more"), (300, ":19 and 280 more")]
)
def test_of_very_many_inputs_the_first_are_listed(count: int, listed: str) -> None:
    streams = "".join(f'input_stream: "s{number}" output_stream: "o{number}" ' for number in range(count))
    sets = '[mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "a b" } }'
    handler = f'input_stream_handler {{ input_stream_handler: "SyncSetInputStreamHandler" options {{ {sets} }} }}'
    node = f'node {{ calculator: "PassThroughCalculator" {streams} {handler} }}'
    [found] = [finding for finding in judged(node).findings if finding.code == "GV504"]
    assert found.label.startswith('node "PassThroughCalculator" has :0, :1, :2, ')
    assert found.label.endswith(listed)
