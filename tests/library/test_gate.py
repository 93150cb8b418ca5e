"""The example that gates a rollout runs the rollout only for what passes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GATE = ROOT / "examples" / "gate_rollout.py"


def gate(folder: Path, graphs: str) -> tuple[int, bool]:
    """The exit code, and whether it was rolled out."""
    command = [sys.executable, GATE, ROOT / "graphs" / graphs, "--", "touch", "rolled-out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False)
    return ran.returncode, (folder / "rolled-out").exists()


def test_what_passes_is_rolled_out(tmp_path: Path) -> None:
    assert gate(tmp_path, "good/relay") == (0, True)


def test_what_fails_is_not_and_says_why(tmp_path: Path) -> None:
    assert gate(tmp_path, "broken/stream_without_producer") == (1, False)
    assert "GV210" in (tmp_path / "rollout-report.html").read_text(encoding="utf-8")


def test_what_cannot_be_judged_is_not_rolled_out(tmp_path: Path) -> None:
    assert gate(tmp_path, "nowhere") == (2, False)
