"""MediaPipe itself as the judge of a graph, in a process of its own since some graphs end it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from threading import Event, Timer
from types import TracebackType
from typing import Self

LONGEST = 10.0
"""Seconds after which a graph is said to hang."""


@dataclass(frozen=True)
class Verdict:
    """What became of a graph: ``moment`` is ``load``, ``start`` or, if all went well, empty. One that hangs did not
    die."""

    moment: str
    died: bool = False
    why: str = ""


class Framework:
    """The framework of the ``mediapipe`` wheel. A context manager: leaving it ends the process."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        self._end()

    def judge(self, text: str) -> Verdict:
        """Load the graph, then start it without side packets or packets and wait for its end."""
        child = self._child = self._child or subprocess.Popen(
            [sys.executable, "-m", "tests.rules.framework_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(text) + "\n")
        child.stdin.flush()
        late = Event()

        def end() -> None:
            late.set()
            child.kill()

        impatience = Timer(LONGEST, end)
        impatience.start()
        try:
            for moment in ("load", "start"):
                line = child.stdout.readline()
                if not line:
                    self._end()
                    if late.is_set():
                        return Verdict(moment, why=f"nothing came for {LONGEST:g} seconds")
                    return Verdict(moment, died=True)
                if why := json.loads(line)[1]:
                    return Verdict(moment, why=why)
        finally:
            impatience.cancel()
        return Verdict("")

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.communicate()
