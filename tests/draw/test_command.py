"""``graphval draw`` as a shell runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parents[2]
RELAY = "graphs/good/relay"


def draw(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "graphval", "draw", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("form", "begin"), [("svg", "<svg xmlns"), ("dot", 'digraph "relay" {'), ("mermaid", "flowchart TB")]
)
def test_one_graph_goes_to_standard_output(form: str, begin: str) -> None:
    ran = draw(RELAY, "--format", form)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(begin)


def test_a_file_is_written_when_asked(tmp_path: Path) -> None:
    file = tmp_path / "relay.svg"
    assert draw(RELAY, "--output", file).returncode == 0
    assert ET.parse(file).getroot().tag.endswith("svg")


def test_several_graphs_go_to_a_folder_a_file_each(tmp_path: Path) -> None:
    ran = draw("graphs/broken", "-o", tmp_path / "pictures")
    assert ran.returncode == 0, ran.stderr
    names = {file.name for file in (tmp_path / "pictures").iterdir()}
    assert {"sync_set_kills_chat.svg", "courier.svg", "echo.svg"} <= names
    assert "GV501" in (tmp_path / "pictures" / "sync_set_kills_chat.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("graphs/good",), "name a folder for them with --output"),
        (("nowhere",), "nowhere does not exist"),
        ((RELAY, "--format", "png"), "one of the forms svg, dot, mermaid"),
        ((RELAY, "--ovms-version", "1"), "1"),
        ((RELAY, "-o", "/dev/null/x"), "cannot write"),
    ],
)
def test_mistakes_are_said_in_one_line(words: tuple[str, ...], says: str) -> None:
    ran = draw(*words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert says in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_pictures_need_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "for name in ('mediapipe', 'openvino', 'grpc', 'numpy', 'rich'): sys.modules[name] = None\n"
        "sys.argv = ['graphval', 'draw', 'graphs/good/relay']\n"
        "from graphval.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
