"""The command line and the cache: where it lies, how it is left out, how it is emptied."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import graphval as library
from tests.ci.running import ROOT, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a graph that was checked once."""
    place = tmp_path_factory.mktemp("deployed")
    shutil.copytree(ROOT / "graphs" / "good" / "relay", place / "relay")
    ran = check(place)
    assert (ran.returncode, "cached" in ran.stdout) == (0, False), ran.stderr
    return place


def check(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return graphval(folder, "check", "relay", "--engine", "rehearsal", "--probes", "quick", *words, **variables)


def graphval(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    said = {"GRAPHVAL_NO_CACHE": "", "XDG_CACHE_HOME": str(folder / "cache"), **variables}
    return run(folder, sys.executable, "-m", "graphval", *words, **said)


def test_a_repeat_is_cached(folder: Path) -> None:
    ran = check(folder, "--report", "json=report.json")
    assert ran.returncode == 0, ran.stderr
    graph, _, last = ran.stdout.splitlines()
    assert "serve ok" in graph
    assert "cached, judged " in graph
    assert "cached, judged " in last
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert told["cached"][0]["deployment"] == "relay"


def test_a_repeat_imports_nothing_that_exercises(folder: Path) -> None:
    code = "import sys; from graphval.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    said = {"GRAPHVAL_NO_CACHE": "", "XDG_CACHE_HOME": str(folder / "cache")}
    words = ("check", "relay", "--engine", "rehearsal", "--probes", "quick")
    ran = run(folder, sys.executable, "-c", code, *words, **said)
    assert "cached" in ran.stdout
    loaded = set(ran.stderr.split())
    heavy = {"grpc", "numpy", "google.protobuf", "graphval.rules.run", "graphval.run.exercise", "graphval.probe.plan"}
    assert loaded.isdisjoint(heavy), loaded & heavy


@pytest.mark.parametrize("way", [("--no-cache",), ("--cache-dir", "elsewhere"), ()])
def test_it_can_be_left_out_or_lie_elsewhere(folder: Path, way: tuple[str, ...], tmp_path: Path) -> None:
    way = tuple(str(tmp_path / word) if word == "elsewhere" else word for word in way)
    ran = check(folder, *way, **({} if way else {"GRAPHVAL_NO_CACHE": "1"}))
    assert (ran.returncode, "cached" in ran.stdout) == (0, False), ran.stderr
    assert (tmp_path / "elsewhere").exists() is (len(way) == 2)


def test_settings_can_leave_it_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "graphval.toml").write_text("cache = false\n", encoding="utf-8")
    assert "cached" not in check(folder, "--settings", str(tmp_path / "graphval.toml")).stdout
    (tmp_path / "graphval.toml").write_text('cache = "mine"\n', encoding="utf-8")
    check(folder, "--settings", str(tmp_path / "graphval.toml"))
    assert list((tmp_path / "mine").glob("*.verdict"))


def test_the_library_uses_it_when_asked(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    reports = [library.check(["relay"], engine="rehearsal", cache=tmp_path) for _ in range(2)]
    assert [bool(report.cached) for report in reports] == [False, True]


def test_it_is_emptied_when_asked(folder: Path) -> None:
    assert "cached verdicts" not in graphval(folder, "clean").stdout
    ran = graphval(folder, "clean", "--cache")
    assert ran.returncode == 0, ran.stderr
    assert f"of cached verdicts from {folder / 'cache' / 'graphval' / 'verdicts'}" in ran.stdout
    assert not list((folder / "cache").rglob("*.verdict"))
