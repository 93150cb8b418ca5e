"""What is at hand is found, what is not is missed, and nothing is started."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from graphval.engines import choose, doctor
from graphval.engines.doctor import examine


def found(name: str) -> str:
    return next(item.found for item in examine().items if item.name == name)


def test_this_machine() -> None:
    diagnosis = examine()
    assert diagnosis.engine == "rehearsal"
    assert found("python") == ".".join(map(str, sys.version_info[:3]))
    assert found("mediapipe") == "0.10.21"
    assert all(item.purpose for item in diagnosis.items)


def test_programs_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [found(name) for name in ("docker", "podman", "ovms")] == ["", "", ""]
    program = tmp_path / "ovms"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    assert found("ovms") == ""
    program.chmod(0o755)
    assert found("ovms") == str(program)


def test_nothing_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (choose, doctor):
        monkeypatch.setattr(module, "installed", lambda name: name != "mediapipe")
    diagnosis = examine()
    assert diagnosis.engine is None
    assert "pip install" in diagnosis.reason
    assert not next(item for item in diagnosis.items if item.name == "mediapipe").present
