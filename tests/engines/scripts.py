"""Small programs that behave as servers do: they say things, wait, die or refuse to."""

from __future__ import annotations

import sys
from pathlib import Path

from graphval.engines.process import LOAD_ENDED, ServerProcess

READY = LOAD_ENDED.decode()
PATIENCE = 30.0


def words(code: str) -> list[str]:
    return [sys.executable, "-u", "-c", "import os, signal, subprocess, sys, time\n" + code]


def server(folder: Path, code: str) -> ServerProcess:
    """The program as a server process, in ``folder``."""
    environment = {"PATH": "/usr/bin:/bin"}
    return ServerProcess(words(code), folder=folder, environment=environment, grpc="127.0.0.1:1", rest=None)
