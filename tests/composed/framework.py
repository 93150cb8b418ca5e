"""A server's verdict on graphs, from a process of its own since some graphs end it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from types import TracebackType
from typing import Self

from tests.composed.outcome import NOT_EXERCISED, TAKEN, Outcome, failing

_FATAL = re.compile(r"^F\d{4} .*?\] (.*)$|^\s*what\(\):\s*(.*)$", re.MULTILINE)


class RehearsedServer:
    """What the rehearsal does at load and at the beginning of a request. A context manager: leaving it ends the
    process."""

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.composed.framework_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> None:
        self._child.communicate()

    def judge(self, text: str) -> Outcome:
        """What becomes of a graph. Raises EOFError where the process that answers is gone."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(text) + "\n")
        self._child.stdin.flush()
        exercised = True
        for moment in ("load", "create"):
            line = self._child.stdout.readline()
            if not line:
                raise EOFError("the judging process has ended")
            said, *words = json.loads(line)
            if said == "died":
                code, last = words
                return failing(moment, "hangs" if -code == signal.SIGALRM else "dies", _reason(code, last))
            assert said == moment, line
            if words[0]:
                return failing(moment, "refused", words[0])
            exercised = exercised and len(words) == 1
        return TAKEN if exercised else NOT_EXERCISED


def _reason(code: int, last_words: str) -> str:
    """Why a process ended: what it said last, else the signal."""
    found = _FATAL.search(last_words)
    said = (found[1] or found[2]) if found is not None else ""
    return said or (signal.Signals(-code).name if code < 0 else f"exit code {code}: {last_words[-1000:]}")
