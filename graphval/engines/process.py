"""A server that is a process of this machine: watched, and ended with everything it started."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from graphval.deadlines import ServerPhase
from graphval.engines import marks
from graphval.engines.capture import Capture
from graphval.engines.interface import EngineError, Exit, Limits, Written, exit_of
from graphval.engines.secrets import masked

LISTENING = b"ServableManagerModule starting"
"""What is said once all ports are open and before anything is loaded (``src/server.cpp``, OVMS 2026.4)."""
LOAD_ENDED = b"ServableManagerModule started"
"""The line that ends the first load procedure (log signature ``load_end``)."""

_NO_MEMORY = re.compile(
    r"std::bad_alloc|Cannot allocate memory|pthread_create failed|can't start new thread|mmap error: 12"
    r"|^MemoryError\b|failed to map segment from shared object",
    re.MULTILINE,
)
"""Last words of a process that asked for memory, or for a thread and so for its stack, and got none."""

_POLL = 0.02
_AFTER_DEATH = 2.0

# The kernel ends a server with the thread that started it, so that thread must last as long as we do: whoever runs a
# check may go through its events on one thread now and on another later.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="graphval-starter")


class ServerProcess:
    """A server process in a session of its own, so that a terminal's interrupt reaches it only through us.

    Its state is read without reaping it, so that its number stands for it, and for its group, until it is stopped.
    """

    def __init__(
        self,
        words: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        grpc: str,
        rest: str | None,
        secrets: Sequence[str] = (),
    ) -> None:
        """``secrets`` are masked in what it writes."""
        self._secrets = tuple(secrets)
        self._grpc = grpc
        self._rest = rest
        self._mark = marks.new_mark()
        starting = _STARTER.submit(
            subprocess.Popen,
            list(words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**environment, marks.NAME: self._mark},
            start_new_session=True,
        )
        try:
            self._process: subprocess.Popen[bytes] = starting.result()
        except OSError as error:
            raise EngineError(f"cannot start {words[0]}: {error.strerror}") from error
        self._ended: int | None = None
        self._handle = os.pidfd_open(self._process.pid)
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdout = Capture(self._process.stdout, (LISTENING, LOAD_ENDED))
        self._stderr = Capture(self._process.stderr)

    @property
    def grpc(self) -> str:
        return self._grpc

    @property
    def rest(self) -> str | None:
        return self._rest

    @property
    def tls(self) -> None:
        return None

    @property
    def loaded(self) -> bool:
        return self._stdout.seen[LOAD_ENDED].is_set()

    def exit(self) -> Exit | None:
        code = self._code(0)
        return None if code is None else self._read_exit(code)

    def wait(self, seconds: float) -> Exit | None:
        if self._code(seconds) is None:
            return None
        for capture in (self._stdout, self._stderr):
            # The last words are still in the pipe when the process is gone.
            capture.ended.wait(_AFTER_DEATH)
        return self.exit()

    @property
    def written(self) -> Written:
        return Written(self._stdout.read, self._stderr.read)

    def stdout(self, since: int = 0) -> str:
        return masked(self._stdout.text(since), self._secrets)

    def stderr(self, since: int = 0) -> str:
        return masked(self._stderr.text(since), self._secrets)

    def wait_for_load(self, seconds: float) -> None:
        """Until the first load procedure has ended, the process has, or so many seconds have passed."""
        self._wait_for(LOAD_ENDED, seconds)

    def starting(self, limits: Limits) -> Iterator[ServerPhase]:
        """Its first phases, each yielded as it begins. One that passes its deadline, or the end of the process, is the
        last."""
        yield ServerPhase.LISTEN
        if self._wait_for(LISTENING, limits.listen):
            yield ServerPhase.LOAD
            self.wait_for_load(limits.load)

    def _wait_for(self, marker: bytes, seconds: float) -> bool:
        """Whether the process has said so, after waiting for that, for its end, or for so many seconds."""
        deadline = time.monotonic() + seconds
        while not self._stdout.seen[marker].wait(_POLL):
            if self._code(0) is not None:
                self.wait(0)
                break
            if time.monotonic() > deadline:
                break
        return self._stdout.seen[marker].is_set()

    def stop(self, grace: float) -> None:
        """End the process: SIGTERM, after ``grace`` seconds SIGKILL, then whatever else it has started."""
        if self._handle < 0:
            return
        try:
            if self._code(0) is None:
                self._signal(signal.SIGTERM)
                self._code(grace)
        finally:
            # Also when we are interrupted while it takes its time.
            self._signal(signal.SIGKILL)
            self._ended = self._process.wait()
            marks.end_marked(self._mark)
            os.close(self._handle)
            self._handle = -1
            for capture in (self._stdout, self._stderr):
                capture.close(_AFTER_DEATH)

    def _code(self, seconds: float) -> int | None:
        """The exit code after waiting up to so many seconds for it, negative for a signal; ``None`` while it lives."""
        if self._ended is None and select.select([self._handle], [], [], max(0.0, seconds))[0]:
            end = os.waitid(os.P_PIDFD, self._handle, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if end is not None:
                self._ended = end.si_status if end.si_code == os.CLD_EXITED else -end.si_status
        return self._ended

    def _signal(self, number: signal.Signals) -> None:
        try:
            # The session's leader is the process, so its number names the group.
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return

    def _read_exit(self, code: int) -> Exit:
        if code >= 0:
            return Exit(code, limit="memory" if code and _NO_MEMORY.search(self._last_line()) else "")
        return replace(exit_of(128 - code), limit=self._limit(-code))

    def _last_line(self) -> str:
        return self._stderr.text()[-4096:].rstrip().rpartition("\n")[2]

    def _limit(self, number: int) -> str:
        if number in (signal.SIGXCPU, signal.SIGKILL):
            # With soft and hard limit equal the kernel ends a process that used up its CPU time with SIGKILL.
            return "CPU time or memory"
        if number in (signal.SIGABRT, signal.SIGSEGV) and _NO_MEMORY.search(self._stderr.text()[-4096:]):
            return "memory"
        return ""


@contextmanager
def running(process: ServerProcess, grace: float) -> Iterator[ServerProcess]:
    """Use a process, then stop it; at once where something went wrong or we are told to stop."""
    try:
        yield process
    except BaseException:
        process.stop(0.0)
        raise
    process.stop(grace)
