"""Servers that are processes of this machine: free ports, a folder of their own, and the end of all they started."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from graphval.deployment.stage import stage
from graphval.engines.interface import EngineError, Launch, Limits, Steps
from graphval.engines.leftovers import sweep
from graphval.engines.ports import LOOPBACK, free_ports
from graphval.engines.process import ServerProcess, running
from graphval.engines.workspace import workspace

_ATTEMPTS = 5
_BUSY = ("port is busy", "Failed to start REST server", "Failed to start Drogon server")


def served(
    launch: Launch,
    limits: Limits,
    command: Sequence[str],
    flags: Sequence[str],
    environment: Callable[[Path], Mapping[str, str]],
    secrets: Sequence[str] = (),
) -> Steps:
    """The phases of a server that ``command`` starts, and the server.

    OVMS's own words are added to the command, and ``flags`` after them. ``environment`` is asked with a folder for the
    server's temporary files; ``secrets`` are masked in what the server writes."""
    sweep()
    with workspace() as folder:
        for _ in range(_ATTEMPTS):
            work, staged, temporary = (
                Path(tempfile.mkdtemp(prefix=prefix, dir=folder)) for prefix in ("server-", "stage-", "tmp-")
            )
            grpc, rest = free_ports(2)
            words = [
                *command,
                *stage(launch.deployment, launch.without, staged).words,
                "--port", str(grpc), "--rest_port", str(rest),
                "--grpc_bind_address", LOOPBACK, "--rest_bind_address", LOOPBACK,
                "--log_level", launch.log_level,
                *flags,
            ]  # fmt: skip
            process = ServerProcess(
                words,
                folder=work,
                environment={**environment(temporary), **launch.environment},
                grpc=f"{LOOPBACK}:{grpc}",
                rest=f"{LOOPBACK}:{rest}",
                secrets=secrets,
            )
            with running(process, limits.stop):
                yield from process.starting(limits)
                if not _port_was_taken(process):
                    yield process
                    return
    raise EngineError(f"no free port on {LOOPBACK} after {_ATTEMPTS} attempts; end other servers and try again")


def _port_was_taken(process: ServerProcess) -> bool:
    if process.loaded or process.exit() is None:
        return False
    log = process.stdout()
    return any(text in log for text in _BUSY)
