"""Numbers in all forms of the text format, and texts with numbers that have no end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphval.catalog import load as load_catalog
from graphval.deployment import load
from graphval.rules.run import judge

from .genai_deployments import GOOD, findings
from .judging import judged
from .test_deployment_rules import GRAPH, Site

ENDLESS = "9" * 5000
"""More digits than Python reads."""
ECHO = (
    'input_stream: "in"\noutput_stream: "out"\n'
    'node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }\n'
)


def messages(text: str, code: str) -> list[str]:
    return [finding.message for finding in judged(text, no_models=True).findings if finding.code == code]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("num_threads: 0x2 stack_size: 0x10", []),
        ("num_threads: 010 stack_size: 01", []),
        ("num_threads: 0x7530", []),
        ("num_threads: 0x7531", ["30001 threads cannot be made"]),
        ("num_threads: 0x0", ["num_threads must be above 0, not 0"]),
        ("num_threads: -0x1", ["num_threads must be above 0, not -1"]),
        ("num_threads: 1 stack_size: 00", ["stack_size must be above 0, not 00"]),
        ("num_threads: 1 stack_size: -01", ["stack_size must be above 0, not -01"]),
    ],
)
def test_threads_in_every_base(fields: str, found: list[str]) -> None:
    options = f"options {{ [mediapipe.ThreadPoolExecutorOptions.ext] {{ {fields} }} }}"
    assert messages(f'{ECHO}executor {{ name: "e" type: "ThreadPoolExecutor" {options} }}\n', "GV535") == found


@pytest.mark.parametrize(
    ("number", "found"), [("0x1", False), ("01", False), ("0x2", True), ("02", True), ("-0x1", True)]
)
def test_the_constant_of_a_mux_in_every_base(number: str, found: bool) -> None:
    options = "[type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]"
    text = (
        'input_stream: "a"\ninput_stream: "b"\noutput_stream: "out"\n'
        'node { calculator: "ConstantSidePacketCalculator" output_side_packet: "PACKET:which" '
        f"node_options {{ {options} {{ packet {{ int_value: {number} }} }} }} }}\n"
        'node { calculator: "SidePacketToStreamCalculator" input_side_packet: "which" input_stream: "TICK:a" '
        'output_stream: "AT_TICK:chosen" }\n'
        'node { calculator: "MuxCalculator" input_stream: "INPUT:0:a" input_stream: "INPUT:1:b" '
        'input_stream: "SELECT:chosen" output_stream: "OUTPUT:out" }\n'
    )
    assert bool(messages(text, "GV516")) is found


@pytest.mark.parametrize(
    ("entry", "hint"),
    [
        ("Image:1:a", "IMAGE:1:a"),
        ("Image:0:a", "IMAGE:0:a"),
        ("Image:000:a", "IMAGE:0:a"),
        ("IMAGE:007:a", "IMAGE:7:a"),
        ("Image:00009999:a", "IMAGE:9999:a"),
        ("IMAGE:10000:a", None),
        ("IMAGE:99999:a", "IMAGE:a"),
        (f"IMAGE:{ENDLESS}:a", "IMAGE:a"),
        ("IMAGE:²:a", "IMAGE:a"),
        ("IMAGE:٣:a", "IMAGE:a"),
        ("IMAGE:-1:a", "IMAGE:a"),
        ("a:b:c:d", "A:d"),
        ("9a", "_9a"),
        ("A B", "a_b"),
        ("A B:x y", "A_B:x_y"),
    ],
)
def test_how_a_malformed_entry_is_to_be_written(entry: str, hint: str | None) -> None:
    text = ECHO.replace('input_stream: "in" ', f'input_stream: "in" input_stream: "{entry}" ')
    found = [finding.help for finding in judged(text).findings if finding.code == "GV202"]
    assert found == ([f'write "{hint}"'] if hint is not None else [])


@pytest.mark.parametrize(
    ("size", "taken"),
    [
        ("512x512", True),
        (" 512 x 256 ", True),
        ("9223372036854775807x1", True),
        ("1x9223372036854775808", False),
        ("9223372036854775808x1", False),
        (f"{ENDLESS}x1", False),
        (f"1x{ENDLESS}", False),
        ("0x512", False),
        ("512x0", False),
        ("512x-1", False),
        ("512X512", False),
        ("٣x٣", False),
    ],
)
def test_sizes_of_images(size: str, taken: bool, tmp_path: Path) -> None:
    """OVMS `src/image_gen/imagegenutils.cpp` (2026.4): two numbers of 64 bits above 0."""
    case = GOOD["image"].with_option(f'max_resolution: "{size}"')
    found = [f.message for f in findings(case, tmp_path) if f.code == "GV730"]
    assert found == ([] if taken else ["max_resolution is not WIDTHxHEIGHT"])


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("1", []),
        ("0", []),
        ("", []),
        ("two", []),
        ("-1", []),
        ("²", []),
        ("4294967296", []),
        (ENDLESS, []),
        ("2", ['version 2 of "gauge" is not served, but 1']),
        ("4294967295", ['version 4294967295 of "gauge" is not served, but 1']),
    ],
)
def test_versions_that_a_session_asks_for(version: str, told: list[str], tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("meter/graph.pbtxt", GRAPH.replace('servable_version: "1"', f'servable_version: "{version}"'))
    assert [finding.message for finding in site.findings()] == told


def test_a_model_of_endless_numbers_is_a_finding_or_none(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.replace("net/1/model.xml", 'offset="0" size="12"', f'offset="{ENDLESS}" size="{ENDLESS}"')
    site.replace("net/1/model.xml", "<dim>3</dim>", f"<dim>{ENDLESS}</dim>")
    site.config["model_config_list"][0]["config"] |= {"shape": f"(1,{ENDLESS})", "batch_size": ENDLESS}
    site.write("config.json", json.dumps(site.config))
    judge(load(tmp_path / "config.json"), load_catalog())
