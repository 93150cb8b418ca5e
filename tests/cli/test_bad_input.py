"""Whatever is given, graphval says in one place what is wrong with it, and still judges the rest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RELAY = ROOT / "graphs" / "good" / "relay"
TWO_MODELS = ROOT / "graphs" / "good" / "chained_models"
GOOD = """
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
"""


def a_missing_file(at: Path) -> Path:
    return at / "nowhere.pbtxt"


def an_empty_directory(at: Path) -> Path:
    return at


def a_directory_called_like_a_graph(at: Path) -> Path:
    (at / "graph.pbtxt").mkdir()
    return at


def a_link_that_leads_to_itself(at: Path) -> Path:
    (at / "graph.pbtxt").symlink_to("graph.pbtxt")
    return at


def a_pipe(at: Path) -> Path:
    os.mkfifo(at / "graph.pbtxt")
    return at / "graph.pbtxt"


def a_device(at: Path) -> Path:
    return Path("/dev/zero")


def binary_rubbish(at: Path) -> Path:
    (at / "graph.pbtxt").write_bytes(bytes(range(256)) * 400)
    return at


def a_picture_given_as_a_graph(at: Path) -> Path:
    (at / "graph.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    return at / "graph.png"


def a_mebibyte_of_braces(at: Path) -> Path:
    (at / "graph.pbtxt").write_bytes(b"{" * (1 << 20))
    return at


def two_mebibytes(at: Path) -> Path:
    (at / "graph.pbtxt").write_bytes(b"# a line of two mebibytes \n" * (1 << 17))
    return at


def a_config_that_is_an_array(at: Path) -> Path:
    (at / "config.json").write_text("[]")
    return at / "config.json"


def a_config_that_is_no_json(at: Path) -> Path:
    (at / "config.json").write_text("mediapipe_config_list: []")
    return at


def a_config_of_deep_brackets(at: Path) -> Path:
    (at / "config.json").write_text("[" * 200_000)
    return at


def a_model_that_openvino_cannot_read(at: Path) -> Path:
    shutil.copytree(TWO_MODELS, at / "d")
    (at / "d" / "fee" / "1" / "model.xml").write_bytes(b"<net")
    return at / "d"


def two_graphs_of_one_name(at: Path) -> Path:
    for folder in ("one", "two"):
        (at / folder).mkdir()
        (at / folder / "graph.pbtxt").write_text(GOOD)
    graphs = [{"name": "twin", "base_path": folder} for folder in ("one", "two")]
    (at / "config.json").write_text(json.dumps({"model_config_list": [], "mediapipe_config_list": graphs}))
    return at


def a_model_path_that_leaves_the_deployment(at: Path) -> Path:
    shutil.copytree(TWO_MODELS, at / "d")
    config = at / "d" / "config.json"
    text = config.read_text()
    assert '"base_path": "fee"' in text
    config.write_text(text.replace('"base_path": "fee"', '"base_path": "../d/fee"'))
    return at / "d"


USAGE: tuple[Callable[[Path], Path], ...] = (
    a_missing_file,
    an_empty_directory,
    a_directory_called_like_a_graph,
    a_link_that_leads_to_itself,
    a_pipe,
    a_device,
    a_picture_given_as_a_graph,
)
FINDINGS: tuple[tuple[Callable[[Path], Path], set[str]], ...] = (
    (binary_rubbish, {"GV115"}),
    (a_mebibyte_of_braces, {"GV101", "GV113"}),
    (two_mebibytes, {"GV113"}),
    (a_config_that_is_an_array, {"GV601"}),
    (a_config_that_is_no_json, {"GV150"}),
    (a_config_of_deep_brackets, {"GV155"}),
    (a_model_that_openvino_cannot_read, {"GV614"}),
    (two_graphs_of_one_name, {"GV611"}),
    (a_model_path_that_leaves_the_deployment, {"GV614"}),
)


def graphval(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "graphval", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("command", [("lint",), ("check", "--engine", "rehearsal")], ids=" ".join)
@pytest.mark.parametrize("make", USAGE, ids=lambda make: make.__name__)
def test_alone_it_is_a_usage_error_of_one_line(
    command: tuple[str, ...], make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = make(tmp_path)
    run = graphval(*command, path)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("graphval: ")
    assert run.stderr.count("\n") == 1
    assert str(path.name) in run.stderr


@pytest.mark.parametrize("make", USAGE, ids=lambda make: make.__name__)
def test_beside_others_it_is_one_finding(make: Callable[[Path], Path], tmp_path: Path) -> None:
    run = graphval("lint", make(tmp_path), RELAY, "--format", "json")
    report = json.loads(run.stdout)
    assert [finding["code"] for finding in report["findings"]] == ["GV600"]
    assert [graph["verdict"] for graph in report["graphs"]] == ["pass"]
    assert (run.returncode, run.stderr) == (1, "")


@pytest.mark.parametrize("command", [("lint",), ("check", "--engine", "rehearsal")], ids=" ".join)
@pytest.mark.parametrize(("make", "codes"), FINDINGS, ids=[make.__name__ for make, _ in FINDINGS])
def test_it_is_a_finding_and_the_others_are_judged(
    command: tuple[str, ...], make: Callable[[Path], Path], codes: set[str], tmp_path: Path
) -> None:
    path = make(tmp_path)
    run = graphval(*command, path, RELAY, "--format", "json")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    report = json.loads(run.stdout)
    findings = report["findings"]
    assert {finding["code"] for finding in findings} == codes
    assert len(findings) <= 2
    relay = report["graphs"][-1]
    assert (relay["name"], relay["verdict"]) == ("relay", "pass")
    assert relay["reached"] == ("load" if command == ("lint",) else "serve")
