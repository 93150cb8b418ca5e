"""Becomes the program that it is given, after telling the kernel to end it with its parent and to limit it.

Run as a script, by itself: ``python -I -S guard.py MEMORY_MIB PROGRAM WORD…``. Exit code 127: no such program.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Become the program; what is returned is the exit code where that cannot be done."""
    parent = os.getppid()
    if ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0 or os.getppid() != parent:
        return 125
    memory, program = int(sys.argv[1]) << 20, sys.argv[2]
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_DATA, memory)
    try:
        os.execv(program, sys.argv[2:])  # noqa: S606 - this very program is what was asked for
    except OSError as error:
        sys.stderr.write(f"cannot start {program}: {error.strerror}\n")
    return 127


def _lower(kind: int, value: int) -> None:
    """Lower a limit, never raise it: the caller's own limits stay."""
    hard = resource.getrlimit(kind)[1]
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (ceiling, ceiling))


if __name__ == "__main__":
    sys.exit(main())
