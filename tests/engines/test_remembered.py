"""A container that nobody came to remove is removed at the end of the process that made it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MADE = """
import os, sys
from graphval.engines import leftovers
from graphval.engines.runtime import ContainerRuntime
runtime = ContainerRuntime("docker")
leftovers.remember(runtime, "graphval-made")
"""
REMOVED = ["rm --force --volumes graphval-made", "network rm graphval-made"]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("", REMOVED),
        ("raise KeyboardInterrupt", REMOVED),
        ('leftovers.remove(runtime, "graphval-made", 10.0)', REMOVED),  # once
        ("if os.fork() == 0: sys.exit()\nos.wait()\nos._exit(0)", []),  # a process made of it has made nothing
    ],
)
def test_what_was_made_is_removed_at_the_end(tmp_path: Path, code: str, asked: list[str]) -> None:
    docker, log = tmp_path / "docker", tmp_path / "log"
    docker.write_text(f'#!/bin/sh\necho "$@" >> {log}\n', encoding="utf-8")
    docker.chmod(0o755)
    log.touch()
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run([sys.executable, "-c", MADE + code], env=environment, capture_output=True, check=False)
    assert log.read_text(encoding="utf-8").splitlines() == asked
