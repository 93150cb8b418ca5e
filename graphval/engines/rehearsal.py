"""The embedded engine: our own server in a process of its own (``python -m graphval.rehearsal``)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from graphval.engines.interface import Launch, Limits, Starting
from graphval.engines.options import EngineOptions
from graphval.engines.readable import Reader
from graphval.engines.secrets import secrets_of

NAME = "rehearsal"
_INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What the server sees of our environment. User code runs in it, so tokens and keys stay outside."""


class RehearsalEngine:
    """Starts rehearsal servers. Nothing needs to be installed for it but the ``rehearsal`` extra."""

    def __init__(self, options: EngineOptions | None = None) -> None:
        self._options = options or EngineOptions()

    @property
    def name(self) -> str:
        return NAME

    @property
    def image(self) -> str | None:
        return None

    @property
    def build(self) -> str | None:
        return None

    @property
    def is_ovms(self) -> bool:
        return False

    @property
    def reader(self) -> Reader | None:
        return None

    def start(self, launch: Launch, limits: Limits) -> Starting:
        # Whoever only asks for its libraries starts none.
        from graphval.engines.local import served

        flags = [
            "--rehearsal_memory_mib", str(limits.memory_mib),
            "--rehearsal_cpu_seconds", str(limits.cpu_seconds),
            "--rehearsal_no_network",
            *self._options.server_flags,
        ]  # fmt: skip
        if self._options.api_key_file is not None:
            flags += ["--api_key_file", str(self._options.api_key_file.absolute())]
        command = [sys.executable, "-m", "graphval.rehearsal"]
        return Starting(served(launch, limits, command, flags, self._environment, secrets_of(self._options)))

    def _environment(self, temporary: Path) -> dict[str, str]:
        home = Path(__file__).parents[2]
        kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return {
            **kept,
            # What user code writes to its home goes when the server goes.
            "HOME": str(temporary),
            "PYTHONPATH": str(home),
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(temporary),
            # The inference calculator checks its options at load only if this is set.
            "GLOG_minloglevel": "0",
            **self._options.environment,
        }
