"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKED = """
import pytest
@pytest.mark.graph({path!r})
def test_it(graph_report):
    assert [graph.name for graph in graph_report.graphs] == [{name!r}]
"""


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_user.py").write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--strict-markers",
        "-p",
        "no:cacheprovider",
        "-p",
        "graphval.pytest_plugin",
    ]
    # Named here, the plugin must not come by its entry point too, where the package is installed.
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_good_graph_passes(tmp_path: Path) -> None:
    ran = run(tmp_path, MARKED.format(path=str(ROOT / "graphs/good/relay"), name="relay"))
    assert ran.returncode == 0, ran.stdout


def test_a_broken_graph_fails_before_the_test_runs_and_says_why(tmp_path: Path) -> None:
    broken = str(ROOT / "graphs/broken/stream_without_producer")
    ran = run(tmp_path, MARKED.format(path=broken, name="x").replace("    assert", "    print('it ran')\n    assert"))
    assert ran.returncode == 1
    assert "error[GV210]" in ran.stdout
    assert "it ran" not in ran.stdout


def test_paths_are_relative_to_the_root(tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "graph.pbtxt").write_text(
        (ROOT / "graphs/good/relay/graph.pbtxt").read_text(), encoding="utf-8"
    )
    assert run(tmp_path, MARKED.format(path="chat", name="chat")).returncode == 0


def test_it_comes_with_the_package() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["project"]["entry-points"]["pytest11"] == {"graphval": "graphval.pytest_plugin"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("import pytest\n@pytest.mark.graph\ndef test_it(): pass", "wants the path of a graph"),
        ("def test_it(graph_report): pass", "wants a test that is marked"),
        ("def test_it(check_graph): check_graph('nowhere')", "nowhere does not exist"),
    ],
)
def test_wrong_use_says_what_is_wanted(tmp_path: Path, text: str, says: str) -> None:
    ran = run(tmp_path, text)
    assert ran.returncode == 1
    assert says in ran.stdout


def test_graphs_that_a_test_makes(tmp_path: Path) -> None:
    (tmp_path / "g.pbtxt").write_text('node { calculator: "NoSuchCalculator" }', encoding="utf-8")
    ran = run(tmp_path, "def test_it(check_graph): check_graph('g.pbtxt')")
    assert ran.returncode == 1
    assert "NoSuchCalculator" in ran.stdout
