"""Processes that a server started, found by a mark in their environment, wherever they hid.

A process group or a session is left by whoever makes its own, as user code in a server may; the environment is
inherited all the same.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from graphval.engines.owner import began_at, parse, this_process

NAME = "GRAPHVAL_SERVER"
"""The variable that carries a mark: the owner, a slash, and what tells its servers apart."""

_ROUNDS, _PAUSE, _NEW = 20, 0.01, 5.0


def new_mark() -> str:
    """A mark for one more server of this process."""
    return f"{this_process()}/{uuid4().hex}"


def end_marked(mark: str) -> int:
    """End all processes with this mark; how many there were. What they start meanwhile carries it, too."""
    return _end(lambda found: found == mark)


def end_abandoned() -> int:
    """End all processes of servers whose owner is gone; how many there were."""
    return _end(_abandoned)


def _abandoned(mark: str) -> bool:
    owner = parse(mark.partition("/")[0])
    return owner is not None and owner.gone


def _end(wanted: Callable[[str], bool]) -> int:
    ended: set[int] = set()
    for _ in range(_ROUNDS):
        found, unsettled = _look(wanted)
        for process in found:
            ended.add(process)
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if unsettled:
            time.sleep(_PAUSE)
        elif not found:
            break
    return len(ended)


def _look(wanted: Callable[[str], bool]) -> tuple[list[int], bool]:
    """Living processes of ours with such a mark, and whether there are some that cannot be told yet."""
    found, unsettled = [], False
    prefix = f"\0{NAME}=".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if not environment:
            # One that has ended has none; and one that is just being started has none yet.
            unsettled = unsettled or _is_new(entry)
            continue
        _, there, rest = (b"\0" + environment).partition(prefix)
        if there and wanted(rest.partition(b"\0")[0].decode("utf-8", errors="replace")):
            found.append(int(entry.name))
    return found, unsettled


def _is_new(entry: Path) -> bool:
    """Whether a process that lives in user space began a moment ago."""
    try:
        (entry / "exe").readlink()
        uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    except OSError:
        return False
    began = began_at(int(entry.name))
    return began.isdecimal() and uptime - int(began) / os.sysconf("SC_CLK_TCK") < _NEW
