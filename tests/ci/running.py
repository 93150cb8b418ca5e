"""Runs graphval in any folder, as a shell would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "PYTHONPATH": str(ROOT),
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
}  # fmt: skip


def graphval(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run it in ``folder``."""
    return run(folder, sys.executable, "-m", "graphval", *words)


def run(folder: Path, *words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run any command in ``folder``; ``more`` are variables of its environment."""
    return subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env={**ENVIRONMENT, **more},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def git(folder: Path, *words: str) -> None:
    done = run(folder, "git", *words)
    assert done.returncode == 0, done.stderr
