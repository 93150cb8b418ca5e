"""Engines as tests need them: each with a folder of its own for what it may leave behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphval.engines.choose import ENGINES, choose
from graphval.engines.interface import Engine

from .traces import files_in, processes_of, wait_until


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


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest, traces: Path) -> Engine:
    """Every engine in turn."""
    return choose(request.param).engine
