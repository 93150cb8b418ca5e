"""Runs graphval as a process, as a shell would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def graphval(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run it with pipes for its output, in the project's root or in ``cwd``."""
    return subprocess.run(
        [sys.executable, "-m", "graphval", *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd or ROOT,
        env={"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
