"""Nodes inside a SwitchContainer for which OVMS would have to prepare something."""

from __future__ import annotations

import pytest

from graphval.findings import Phase

from .judging import judged

OPTIONS = "node_options { [type.googleapis.com/mediapipe.SwitchContainerOptions] { %s } }"


@pytest.mark.parametrize(
    ("calculator", "phase"),
    [
        ("ImageGenCalculator", Phase.SERVE),
        ("S2tCalculator", Phase.SERVE),
        ("T2sCalculator", Phase.SERVE),
        ("HttpLLMCalculator", Phase.CREATE),
        ("EmbeddingsCalculatorOV", Phase.CREATE),
        ("RerankCalculatorOV", Phase.CREATE),
        ("PythonExecutorCalculator", Phase.CREATE),
        ("PassThroughCalculator", None),
        ("Homemade", None),
    ],
)
def test_when_the_lack_of_resources_shows(calculator: str, phase: Phase | None) -> None:
    """OVMS `src/mediapipe_internal/node_initializer.cpp` (2026.4) looks at the nodes of the file only."""
    inner = f'contained_node {{ calculator: "PassThroughCalculator" }} contained_node {{ calculator: "{calculator}" }}'
    text = (
        'input_stream: "in"\noutput_stream: "out"\n'
        f'node {{ calculator: "SwitchContainer" input_stream: "in" output_stream: "out" {OPTIONS % inner} }}\n'
    )
    found = [finding for finding in judged(text, no_models=True).findings if finding.code == "GV322"]
    assert [(f.message, f.phase) for f in found] == (
        [(f"OVMS prepares nothing for a {calculator} inside a SwitchContainer", phase)] if phase is not None else []
    )


@pytest.mark.parametrize(
    ("entry", "advice"),
    [
        ("MODLE:lost", 'did you mean "MODEL:lost"?'),
        ("MODEL:1:lost", "remove it, or let another node make it"),
        ("XYZZY:lost", "remove it, or let another node make it"),
        ("lost", "remove it, or let another node make it"),
    ],
)
def test_side_packets_that_are_never_set(entry: str, advice: str) -> None:
    text = (
        'input_stream: "in"\noutput_stream: "out"\n'
        'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }\n'
        'node { calculator: "TfLiteModelCalculator" input_side_packet: "MODEL_BLOB:blob" output_side_packet: "MODEL:m" '
        f'output_side_packet: "{entry}" }}\n'
        'node { calculator: "PassThroughCalculator" input_side_packet: "lost" output_side_packet: "again" }\n'
    )
    [found] = [finding for finding in judged(text).findings if finding.code == "GV308"]
    assert (found.message, found.help) == ('TfLiteModelCalculator never sets the side packet "lost"', advice)


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ('input_stream_handler { input_stream_handler: "Nope" }', "GV508"),
        ('output_stream_handler { output_stream_handler: "Nope" }', "GV508"),
        ('executor: "gpu"', "GV530"),
        ('executor: "nope"', "GV532"),
        ("max_in_flight: -1", "GV510"),
    ],
)
def test_what_a_node_inside_sets_is_its_own(setting: str, code: str) -> None:
    """MediaPipe `framework/tool/switch_container.cc`: the node itself is put into the graph; seen on the framework."""
    inner = f'contained_node {{ calculator: "PassThroughCalculator" {setting} }}'
    text = (
        'input_stream: "in"\noutput_stream: "out"\n'
        f'node {{ calculator: "SwitchContainer" input_stream: "in" output_stream: "out" {OPTIONS % inner} }}\n'
    )
    assert [finding.code for finding in judged(text).findings] == [code]
