"""Limits the process sets on itself before it touches a model or user code.

Memory is limited through ``RLIMIT_DATA`` (private writable memory), since OpenVINO, MediaPipe and gRPC reserve far
more address space than they use and ``RLIMIT_AS`` would refuse that. The stacks of threads count in full too, used or
not: with the usual 8 MiB each, the hundreds of threads that some models and pools have would eat the limit alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import threading
from pathlib import Path

PR_SET_PDEATHSIG = 1
MAX_FILE_BYTES = 1 << 30
MORE_TASKS = 1024
"""Processes and threads that the server may add to those its user has already, and as many again per ten processors."""
NATIVE_STACK = 2 << 20
"""Bytes for a thread of a library: what Linux programs in other languages use, and four times what macOS gives them."""
PYTHON_STACK = 8 << 20
"""Bytes for a thread that runs Python, user code above all: what it would have in OVMS."""


def limit_process(memory_mib: int, cpu_seconds: int) -> None:
    """Limit memory (MiB, 0: none), CPU time (seconds, 0: none), file size, core dumps, processes and threads.

    The number of processes does not bind a process that may administer the system.
    """
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, MAX_FILE_BYTES)
    if memory_mib > 0:
        _lower(resource.RLIMIT_DATA, memory_mib << 20)
    if cpu_seconds > 0:
        _lower(resource.RLIMIT_CPU, cpu_seconds)
    _lower(resource.RLIMIT_NPROC, _tasks_of(os.getuid()) + MORE_TASKS * (1 + (os.cpu_count() or 1) // 10))
    size_stacks()


def size_stacks() -> None:
    """Give threads that libraries start a stack of their own size; where the C library cannot, they keep the usual."""
    threading.stack_size(PYTHON_STACK)
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "pthread_setattr_default_np"):
        return
    attributes = ctypes.create_string_buffer(128)
    libc.pthread_attr_init(attributes)
    libc.pthread_attr_setstacksize(attributes, ctypes.c_size_t(NATIVE_STACK))
    libc.pthread_setattr_default_np(attributes)
    libc.pthread_attr_destroy(attributes)


def _tasks_of(user: int) -> int:
    """Processes and threads of a user, which the kernel counts together."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError, KeyError, ValueError):  # others come and go
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if int(fields["Uid"].split()[0]) == user:
                found += int(fields["Threads"])
    return found


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
