"""Processes are found by the mark they inherited, and no others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from graphval.engines import marks
from graphval.engines.owner import this_process

_WAIT = [sys.executable, "-c", "print(flush=True); input()"]


@contextmanager
def marked(mark: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        _WAIT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, marks.NAME: mark},
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_only_those_of_the_mark() -> None:
    one, other = marks.new_mark(), marks.new_mark()
    assert one != other
    with marked(one) as first, marked(one) as second, marked(other) as third:
        assert marks.end_marked(one) == 2
        assert first.wait() == second.wait() == -9
        assert third.poll() is None
        assert marks.end_marked(one) == 0


def test_only_those_whose_owner_is_gone() -> None:
    gone = f"{replace(this_process(), began='1')}/x"
    elsewhere = f"{replace(this_process(), boot='other', began='1')}/x"
    with (
        marked(gone) as first,
        marked(elsewhere) as second,
        marked(marks.new_mark()) as third,
        marked("what") as fourth,
    ):
        assert marks.end_abandoned() >= 1
        assert first.wait() == -9
        assert [process.poll() for process in (second, third, fourth)] == [None, None, None]
