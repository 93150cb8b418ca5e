"""The server's log: spdlog's form on stdout, glog's and absl's on stderr.

A line of the former, as OVMS 2026.4 writes it: local time with milliseconds, thread id, logger, level, source file and
line, message.
"""

from __future__ import annotations

import sys
import threading
import time
from enum import IntEnum
from pathlib import Path
from typing import TextIO


class Level(IntEnum):
    """Levels of ``--log_level``, in rising order."""

    TRACE = 0
    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4


class Journal:
    """Writes lines. One instance serves the process; lines of several threads never mix."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threshold = Level.INFO
        self._copy: TextIO | None = None

    def configure(self, level: Level, copy_to: str = "") -> None:
        """Set the threshold and, if ``copy_to`` is a path, keep a second copy of the log there."""
        self._threshold = level
        if copy_to:
            self._copy = Path(copy_to).open("a", encoding="utf-8")  # noqa: SIM115 - open until the process ends

    @property
    def debugging(self) -> bool:
        return self._threshold <= Level.DEBUG

    def trace(self, message: str, logger: str = "serving") -> None:
        self._write(Level.TRACE, logger, message)

    def debug(self, message: str, logger: str = "serving") -> None:
        self._write(Level.DEBUG, logger, message)

    def info(self, message: str, logger: str = "serving") -> None:
        self._write(Level.INFO, logger, message)

    def warning(self, message: str, logger: str = "serving") -> None:
        self._write(Level.WARNING, logger, message)

    def error(self, message: str, logger: str = "serving") -> None:
        self._write(Level.ERROR, logger, message)

    def not_exercised(self, graph: str, node: str, reason: str) -> None:
        """Say that ``node`` of ``graph`` is not exercised (an empty node: the whole graph)."""
        self.info(f'not exercised: graph "{graph}" node "{node}": {reason}', logger="rehearsal")

    def glog(self, severity: str, file: str, line: int, message: str) -> None:
        """A glog line on stderr, as OVMS's calculators write them. INFO lines show at DEBUG and TRACE only."""
        if severity == "I" and not self.debugging:
            return
        now = time.time()
        stamp = time.strftime("%Y%m%d %H:%M:%S", time.localtime(now)) + f".{int(now % 1 * 1_000_000):06d}"
        self._raw(sys.stderr, f"{severity}{stamp} {threading.get_native_id():5d} {file}:{line}] {message}\n")

    def protobuf_error(self, message: str) -> None:
        """protobuf's own line about a text that does not parse."""
        self._raw(
            sys.stderr,
            "[libprotobuf ERROR external/com_google_protobuf/src/google/protobuf/text_format.cc:335] "
            f"Error parsing text-format mediapipe.CalculatorGraphConfig: {message}\n",
        )

    def usage(self, message: str) -> None:
        """A usage error: plain text on stderr."""
        self._raw(sys.stderr, message + "\n")

    def fatal(self, file: str, line: int, message: str) -> None:
        """The absl text of a failed CHECK on stderr; the caller ends the process."""
        self._raw(
            sys.stderr,
            f"F0000 00:00:{time.time():.6f} {threading.get_native_id():7d} {file}:{line}] {message}\n"
            "*** Check failure stack trace: ***\n",
        )

    def plain(self, message: str) -> None:
        """Text without a prefix on stderr."""
        self._raw(sys.stderr, message + "\n")

    def _write(self, level: Level, logger: str, message: str) -> None:
        if level < self._threshold:
            return
        caller = sys._getframe(2)
        now = time.time()
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now)) + f".{int(now % 1 * 1000):03d}"
        line = (
            f"[{stamp}][{threading.get_native_id()}][{logger}][{level.name.lower()}]"
            f"[{Path(caller.f_code.co_filename).name}:{caller.f_lineno}] {message}\n"
        )
        self._raw(sys.stdout, line)
        if self._copy is not None:
            self._raw(self._copy, line)

    def _raw(self, stream: TextIO, text: str) -> None:
        with self._lock:
            stream.write(text)
            stream.flush()


journal = Journal()
