"""A run that is told to stop stops, claims nothing and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .running import COMMAND, GRAPHS, PLAIN, ROOT

HANGS = GRAPHS / "broken" / "negative_max_in_flight"
PATIENCE = 60.0


def children(of: int) -> list[int]:
    """The processes that a process has started and that still run."""
    tasks = Path(f"/proc/{of}/task").glob("*/children")
    return [int(word) for task in tasks for word in task.read_text(encoding="utf-8").split()]


def running(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def wait_until(what: str, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the processes of another are read from /proc")
@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGINT, 130, "graphval: interrupted\n"), (signal.SIGTERM, 143, "")]
)
def test_while_a_server_is_up(tmp_path: Path, number: signal.Signals, code: int, said: str) -> None:
    report, told = tmp_path / "report", tmp_path / "told"
    report.write_text("old", encoding="utf-8")
    with told.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [*COMMAND, "check", str(HANGS), "--engine", "rehearsal", "-v", "--deadline", "50", "--output", str(report)],
            cwd=ROOT,
            stderr=stderr,
            stdout=subprocess.PIPE,
            env=PLAIN,
            encoding="utf-8",
        )
        partial = tmp_path / ".report.partial"
        wait_until("a server listens", lambda: any(map(_listens, children(process.pid))))
        servers = children(process.pid)
        os.kill(process.pid, number)
        stdout, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, stdout, told.read_text(encoding="utf-8")) == (code, "", said)
    wait_until("the server is gone", lambda: not any(running(server) for server in servers))
    if number is signal.SIGINT:
        # Whoever interrupts is told what is known so far.
        assert "error[GV510]" in report.read_text(encoding="utf-8")
    else:
        assert report.read_text(encoding="utf-8") == "old"
    assert not partial.exists()


def _listens(process: int) -> bool:
    """Whether one of the process's sockets accepts connections. It has left our network since it made them."""
    try:
        sockets = {str(entry.readlink()) for entry in Path(f"/proc/{process}/fd").iterdir()}
        rows = Path("/proc/self/net/tcp").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return False
    return any(row.split()[3] == "0A" and f"socket:[{row.split()[9]}]" in sockets for row in rows)
