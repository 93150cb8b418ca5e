"""The embedded engine: our own server in a process of its own (``python -m graphval.rehearsal``)."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from graphval.deployment.stage import stage
from graphval.engines.interface import EngineError, Launch, Limits, Server
from graphval.engines.marks import end_abandoned
from graphval.engines.ports import LOOPBACK, free_ports
from graphval.engines.process import ServerProcess, running
from graphval.engines.workspace import remove_abandoned, workspace

NAME = "rehearsal"
_ATTEMPTS = 5
_BUSY = ("port is busy", "Failed to start REST server", "Failed to start Drogon server")
_INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What the server sees of our environment. User code runs in it, so tokens and keys stay outside."""


class RehearsalEngine:
    """Starts rehearsal servers. Nothing needs to be installed for it but the ``rehearsal`` extra."""

    @property
    def name(self) -> str:
        return NAME

    @property
    def image(self) -> str | None:
        return None

    @property
    def is_ovms(self) -> bool:
        return False

    def start(self, launch: Launch, limits: Limits) -> AbstractContextManager[Server]:
        return _started(launch, limits)


@contextmanager
def _started(launch: Launch, limits: Limits) -> Iterator[Server]:
    end_abandoned()
    remove_abandoned()
    with workspace() as folder:
        for _ in range(_ATTEMPTS):
            with running(_launch(launch, limits, folder), limits.stop) as process:
                process.wait_for_load(limits.start)
                if not _port_was_taken(process):
                    yield process
                    return
        raise EngineError(f"no free port on {LOOPBACK} after {_ATTEMPTS} attempts; end other servers and try again")


def _launch(launch: Launch, limits: Limits, folder: Path) -> ServerProcess:
    work = Path(tempfile.mkdtemp(prefix="server-", dir=folder))
    staged = Path(tempfile.mkdtemp(prefix="stage-", dir=folder))
    grpc_port, rest_port = free_ports(2)
    words = [
        sys.executable, "-m", "graphval.rehearsal",
        *stage(launch.deployment, launch.without, staged).words,
        "--port", str(grpc_port), "--rest_port", str(rest_port),
        "--grpc_bind_address", LOOPBACK, "--rest_bind_address", LOOPBACK,
        "--log_level", launch.log_level,
        "--rehearsal_memory_mib", str(limits.memory_mib), "--rehearsal_cpu_seconds", str(limits.cpu_seconds),
        "--rehearsal_no_network",
    ]  # fmt: skip
    return ServerProcess(
        words,
        folder=work,
        environment=_environment(launch, work),
        grpc=f"{LOOPBACK}:{grpc_port}",
        rest=f"{LOOPBACK}:{rest_port}",
    )


def _environment(launch: Launch, work: Path) -> dict[str, str]:
    home = Path(__file__).parents[2]
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {
        **kept,
        # What user code writes to its home goes when the server goes.
        "HOME": str(work),
        "PYTHONPATH": str(home),
        "PYTHONUNBUFFERED": "1",
        # The inference calculator checks its options at load only if this is set (lifecycle facts 2.4).
        "GLOG_minloglevel": "0",
        **launch.environment,
    }


def _port_was_taken(process: ServerProcess) -> bool:
    if process.loaded or process.exit() is None:
        return False
    log = process.stdout()
    return any(text in log for text in _BUSY)
