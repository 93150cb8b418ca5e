"""Limits the process sets on itself before it touches a model or user code.

Memory is limited through ``RLIMIT_DATA`` (private writable memory), since OpenVINO, MediaPipe and gRPC reserve far
more address space than they use and ``RLIMIT_AS`` would refuse that.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal

PR_SET_PDEATHSIG = 1
MAX_FILE_BYTES = 1 << 30


def limit_process(memory_mib: int, cpu_seconds: int) -> None:
    """Limit memory (MiB, 0: none), CPU time (seconds, 0: none), file size and core dumps of this process."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, MAX_FILE_BYTES)
    if memory_mib > 0:
        _lower(resource.RLIMIT_DATA, memory_mib << 20)
    if cpu_seconds > 0:
        _lower(resource.RLIMIT_CPU, cpu_seconds)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, so that nothing is left behind.

    The parent may already be gone when the request is made; then this process ends at once.
    """
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _lower(kind: int, value: int) -> None:
    """Lower a limit, never raise it: the caller's own limits stay."""
    _, hard = resource.getrlimit(kind)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (ceiling, ceiling))
