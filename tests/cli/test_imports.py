"""Linting loads no heavy library, and needs none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .running import GRAPHS, RELAY, ROOT, graphval, python

HEAVY = ("mediapipe", "openvino", "openvino_genai", "grpc", "numpy", "rich", "cv2", "jsonschema", "pydantic")
TELL = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # so that no other process judges
from graphval.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
print(code, *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
FORBID = f"""
import sys
for name in {HEAVY}:
    sys.modules[name] = None
from graphval.cli import main
main()
"""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("lint", RELAY), "0"),
        (("lint", GRAPHS), "1"),
        (("lint", GRAPHS, "--format", "json"), "1"),
        (("lint", "nowhere"), "2"),
        (("explain", "GV501"), "0"),
        (("rules",), "0"),
        (("--version",), "0"),
        (("--help",), "0"),
    ],
)
def test_nothing_heavy_is_loaded(words: tuple[str | Path, ...], code: str) -> None:
    ended, *modules = python(TELL, *words).stderr.splitlines()[-1].split()
    assert ended == code
    assert set(modules) & set(HEAVY) == set()
    assert "graphval" in modules


def test_the_engine_and_its_messages_are_not_loaded() -> None:
    code = TELL.replace('name.partition(".")[0]', "name")
    modules = python(code, "lint", GRAPHS).stderr.splitlines()[-1].split()
    rooms = {name.split(".")[1] for name in modules if name.startswith("graphval.")}
    assert rooms.isdisjoint({"kserve", "probe", "diagnosis", "rehearsal", "exercise", "outcome"})
    assert {"textproto", "graph", "catalog", "deployment", "rules", "report"} <= rooms


@pytest.mark.parametrize("words", [("lint", "."), ("rules",)])
def test_files_in_the_current_folder_are_no_modules_of_python(words: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("json", "ast", "typer", "tokenize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(77)\n", encoding="utf-8")
    (tmp_path / "graph.pbtxt").write_text((RELAY / "graph.pbtxt").read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-m", "graphval", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_settings_are_checked_without_the_rules(tmp_path: Path) -> None:
    (tmp_path / "graphval.toml").write_text('ignore = ["GV216"]\n[severity]\nGV4 = "info"\n', encoding="utf-8")
    code = f"""
import sys
from graphval.run.in_force import asked_for, over_file
in_force = over_file(asked_for(select=["GV2"]), {str(tmp_path / "graphval.toml")!r})
assert in_force.ignore == ("GV216",)
print(*(name for name in sys.modules if name.startswith(("graphval.rules.", "google."))))
"""
    assert python(code).stdout.split() == ["graphval.rules.listed"]


def test_nothing_heavy_is_needed() -> None:
    without = python(FORBID, "lint", GRAPHS, "--format", "json")
    assert (without.returncode, without.stderr) == (1, "")
    with_all = graphval("lint", GRAPHS, "--format", "json")
    assert json.loads(without.stdout)["findings"] == json.loads(with_all.stdout)["findings"]
