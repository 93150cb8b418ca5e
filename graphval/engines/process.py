"""A server that is a process of this machine: watched, and ended with everything it started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from graphval.engines.capture import Capture
from graphval.engines.interface import EngineError, Exit

LOAD_ENDED = b"ServableManagerModule started"
"""The line that ends the first load procedure (log signature ``load_end``)."""

_POLL = 0.02
_AFTER_DEATH = 2.0


class ServerProcess:
    """A server process in a session of its own, so that a terminal's interrupt reaches it only through us."""

    def __init__(
        self, words: Sequence[str], *, folder: Path, environment: Mapping[str, str], grpc: str, rest: str | None
    ) -> None:
        self._grpc = grpc
        self._rest = rest
        self._stopping = False
        try:
            self._process = subprocess.Popen(
                list(words),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=dict(environment),
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(f"cannot start {words[0]}: {error.strerror}") from error
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdout = Capture(self._process.stdout, (LOAD_ENDED,))
        self._stderr = Capture(self._process.stderr)

    @property
    def grpc(self) -> str:
        return self._grpc

    @property
    def rest(self) -> str | None:
        return self._rest

    @property
    def loaded(self) -> bool:
        return self._stdout.seen.is_set()

    def exit(self) -> Exit | None:
        code = self._process.poll()
        return None if code is None else self._read_exit(code)

    def wait(self, seconds: float) -> Exit | None:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        for capture in (self._stdout, self._stderr):
            # The last words are still in the pipe when the process is gone.
            capture.ended.wait(_AFTER_DEATH)
        return self.exit()

    def stdout(self) -> str:
        return self._stdout.text()

    def stderr(self) -> str:
        return self._stderr.text()

    def wait_for_load(self, seconds: float) -> None:
        """Until the first load procedure has ended, the process has, or so many seconds have passed."""
        deadline = time.monotonic() + seconds
        while not self._stdout.seen.wait(_POLL):
            if self._process.poll() is not None:
                self.wait(0)
                return
            if time.monotonic() > deadline:
                return

    def stop(self, grace: float) -> None:
        """End the process: SIGTERM, after ``grace`` seconds SIGKILL, then whatever else is left of its session."""
        if self._process.poll() is None:
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._process.wait()
        self._signal(signal.SIGKILL)
        for capture in (self._stdout, self._stderr):
            capture.close(_AFTER_DEATH)

    def _signal(self, number: signal.Signals) -> None:
        try:
            # The session's leader is the process, so its id names the group even when the leader is gone.
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return

    def _read_exit(self, code: int) -> Exit:
        if code >= 0:
            return Exit(code)
        number = -code
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = f"signal {number}"
        return Exit(128 + number, name, self._limit(number))

    def _limit(self, number: int) -> str:
        if number in (signal.SIGXCPU, signal.SIGKILL):
            # With soft and hard limit equal the kernel ends a process that used up its CPU time with SIGKILL.
            return "CPU time or memory"
        if number == signal.SIGABRT and "std::bad_alloc" in self._stderr.text()[-4096:]:
            return "memory"
        return ""
