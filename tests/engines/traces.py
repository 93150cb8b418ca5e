"""What an engine may leave behind: processes and files.

Everything an engine starts and writes is told by the folder for temporary files that it was given: its files lie in it,
and its processes carry its name in their environment.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

_PATIENCE = 30.0


def processes_of(folder: Path) -> list[int]:
    """Processes (but this one) that were given ``folder`` for their temporary files, and still run."""
    found = []
    temporary = f"TMPDIR={folder}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            dead = "\nState:\tZ" in (entry / "status").read_text("utf-8")
        except OSError:
            continue
        mine = any(word == temporary or word.startswith(temporary + b"/") for word in environment)
        if mine and not dead:
            found.append(int(entry.name))
    return found


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def wait_until(what: str, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)
