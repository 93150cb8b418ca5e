"""Runs graphval as a process, as a shell would."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GRAPHS = ROOT / "graphs"
RELAY = GRAPHS / "good" / "relay"
UNFED = GRAPHS / "broken" / "stream_without_producer"
COMMAND = [sys.executable, "-m", "graphval"]
PLAIN = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM", "COLUMNS")}


def graphval(*words: str | Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run it with pipes for its output, in the project's root."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**PLAIN, **(environment or {})},
    )


def python(code: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run code of a test in an interpreter of its own; ``words`` are the command line it sees."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env=PLAIN,
    )


def on_a_terminal(*words: str | Path, environment: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """Exit code and what two terminals show, one for standard output and one for standard error."""
    masters, slaves = zip(*(pty.openpty() for _ in range(2)), strict=True)
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=slaves[0],
        stderr=slaves[1],
        env={**PLAIN, "TERM": "xterm", **(environment or {})},
    )
    for slave in slaves:
        os.close(slave)
    shown = [_read_all(master) for master in masters]
    return process.wait(timeout=60), shown[0], shown[1]


def _read_all(master: int) -> str:
    """All that is written to a terminal. The output of a small run fits into its buffer."""
    parts = []
    with os.fdopen(master, "rb", buffering=0) as stream:
        while True:
            try:
                part = stream.read(4096)
            except OSError:  # Linux says so when the last writer has left
                break
            if not part:
                break
            parts.append(part)
    return b"".join(parts).decode("utf-8").replace("\r\n", "\n")
