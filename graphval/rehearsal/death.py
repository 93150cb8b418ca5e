"""Ending the process as OVMS would: with the same text on stderr and the same signal.

A failed CHECK, an uncaught C++ exception and a memory fault take the whole server with them, all its models included;
the rehearsal does the same, for real. Texts and signals are those seen on servers (OVMS 2026.4).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import NoReturn

from graphval.rehearsal.journal import journal


def check_failed(file: str, line: int, message: str) -> NoReturn:
    """An absl ``CHECK`` that failed: its text, then SIGABRT. ``message`` is what follows the source place."""
    journal.fatal(file, line, message)
    _abort()


def uncaught_exception(kind: str, what: str) -> NoReturn:
    """A C++ exception nobody catches: the runtime's two lines, then SIGABRT."""
    journal.plain(f"terminate called after throwing an instance of '{kind}'\n  what():  {what}")
    _abort()


def memory_fault() -> NoReturn:
    """What is undefined behaviour in OVMS and was seen to end in SIGSEGV: no text at all."""
    _end_by(signal.SIGSEGV)


def arithmetic_fault() -> NoReturn:
    """A division by zero, which was seen to end in SIGFPE: no text either."""
    _end_by(signal.SIGFPE)


def _end_by(number: signal.Signals) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    raise AssertionError(f"{number.name} did not end the process")


def hang() -> NoReturn:
    """Wait for ever, as OVMS does: nothing in it limits the duration of a request."""
    while True:
        threading.Event().wait()


def _abort() -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.abort()
