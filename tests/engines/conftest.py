"""Engines as tests need them: each with a folder of its own for what it may leave behind."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphval.engines.choose import choose
from graphval.engines.interface import Engine
from graphval.engines.options import EngineOptions
from tests.containers import runtime

from .traces import files_in, processes_of, wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files. At the end nothing may lie in it, and no process may have been given it."""
    folder = tmp_path / "traces"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield folder
    wait_until("its processes have ended", lambda: not processes_of(folder))
    assert files_in(folder) == []


@pytest.fixture
def binary(tmp_path: Path) -> str:
    """An executable that takes OVMS's command line: the rehearsal, started by a shell's script."""
    script = tmp_path / "ovms"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m graphval.rehearsal "$@"\n', "utf-8")
    script.chmod(0o755)
    return str(script)


@pytest.fixture(params=["rehearsal", "binary", pytest.param("docker", marks=pytest.mark.container)])
def engine(request: pytest.FixtureRequest, traces: Path, binary: str) -> Iterator[Engine]:
    """Every engine in turn."""
    match request.param:
        case "docker":
            options = EngineOptions(image=runtime.image("docker"))
        case "binary":
            options = EngineOptions(binary=binary)
        case _:
            options = EngineOptions()
    yield choose(request.param, options).engine
    if request.param == "docker":
        assert runtime.things_of("docker", os.getpid()) == []
