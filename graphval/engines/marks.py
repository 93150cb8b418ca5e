"""Processes that a server started, found by a mark in their environment, wherever they hid.

A process group or a session is left by whoever makes its own, as user code in a server may; the environment is
inherited all the same.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

from graphval.engines.owner import parse, this_process

NAME = "GRAPHVAL_SERVER"
"""The variable that carries a mark: the owner, a slash, and what tells its servers apart."""

_ROUNDS = 20


def new_mark() -> str:
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
        found = [process for process, mark in _marked() if wanted(mark)]
        if not found:
            break
        for process in found:
            ended.add(process)
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
    return len(ended)


def _marked() -> Iterator[tuple[int, str]]:
    """Living processes of ours with a mark. One that has ended has no environment."""
    prefix = f"\0{NAME}=".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            environment = b"\0" + (entry / "environ").read_bytes()
        except OSError:
            continue
        _, found, rest = environment.partition(prefix)
        if found:
            yield int(entry.name), rest.partition(b"\0")[0].decode("utf-8", errors="replace")
