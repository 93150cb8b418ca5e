"""OVMS as an executable of this machine.

It is no container: the server sees this machine's files and network. Limits on memory and core files are set, and the
kernel ends it with us.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from graphval.engines.interface import EngineError, Launch, Limits, Starting
from graphval.engines.local import served
from graphval.engines.options import EngineOptions
from graphval.engines.readable import Reader
from graphval.engines.secrets import refuse_trace, secrets_of

NAME = "binary"
PROGRAM = "ovms"
_GUARD = Path(__file__).with_name("guard.py")
_INHERITED = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV",
    "ESPEAK_DATA_PATH",
)  # fmt: skip
"""What the server sees of our environment. User code runs in it, so tokens and keys are handed over by name only."""


class BinaryEngine:
    """Starts the executable at ``path``."""

    def __init__(self, path: Path, options: EngineOptions) -> None:
        self._path = path
        self._options = options

    @property
    def name(self) -> str:
        return NAME

    @property
    def image(self) -> str | None:
        return None

    @property
    def build(self) -> str | None:
        path = self._path.resolve()
        status = path.stat()
        return f"{path} of {status.st_size} bytes, changed {status.st_mtime_ns}"

    @property
    def is_ovms(self) -> bool:
        return True

    @property
    def reader(self) -> Reader | None:
        return None

    def start(self, launch: Launch, limits: Limits) -> Starting:
        refuse_trace(self._options)
        flags = list(self._options.server_flags)
        if self._options.api_key_file is not None:
            flags += ["--api_key_file", str(self._options.api_key_file.absolute())]
        guarded = [sys.executable, "-I", "-S", str(_GUARD), str(limits.memory_mib), str(self._path)]
        return Starting(served(launch, limits, guarded, flags, self._environment, secrets_of(self._options)))

    def _environment(self, temporary: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        # OVMS's own package has bin and lib side by side (docs/deploying_server_baremetal.md, 2026.4).
        libraries = self._path.resolve().parent.parent / "lib"
        if (libraries / "libopenvino.so").exists() or any(libraries.glob("libopenvino.so*")):
            kept["LD_LIBRARY_PATH"] = _joined(str(libraries), kept.get("LD_LIBRARY_PATH"))
            if (libraries / "python").is_dir():
                kept["PYTHONPATH"] = _joined(str(libraries / "python"), kept.get("PYTHONPATH"))
        return {**kept, "TMPDIR": str(temporary), "GLOG_minloglevel": "0", **self._options.environment}


def find_binary(wanted: str | None) -> Path:
    """The executable. Raises :class:`EngineError` if there is none."""
    found = shutil.which(wanted or PROGRAM)
    if found is None:
        where = f"{wanted} is no executable" if wanted else f"no {PROGRAM} is on the PATH"
        raise EngineError(f"{where}; name one with --binary")
    return Path(found).absolute()


def _joined(first: str, rest: str | None) -> str:
    return f"{first}:{rest}" if rest else first
