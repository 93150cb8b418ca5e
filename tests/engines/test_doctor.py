"""What is at hand is found, what is not is missed, and nothing is started."""

from __future__ import annotations

import os
import subprocess
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


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (None, "docker is not installed, or not on the PATH"),
        (
            "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1",
            "no docker daemon answers: start it (systemctl start docker), or set DOCKER_HOST or the context",
        ),
        (
            "echo 'permission denied while trying to connect to the Docker daemon socket at unix:///x' >&2; exit 1",
            "this user may not use the docker socket: join the group docker (then log in again)",
        ),
        (
            "echo 'Error: No such image: x' >&2; exit 1",
            "image openvino/model_server:2026.4 is not here: docker pull openvino/model_server:2026.4, or let graphval",
        ),
    ],
)
def test_what_is_in_the_way_of_docker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, why: str
) -> None:
    if script is not None:
        (tmp_path / "docker").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / "docker").chmod(0o755)
    told = subprocess.run(
        [sys.executable, "-m", "graphval", "doctor", "--ovms-version", "2026.4"],
        env={**os.environ, "PATH": str(tmp_path)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    lines = told.splitlines()
    assert any(line.startswith(f"engine docker     no   {why}") for line in lines), told
    assert lines[-1].startswith("check would use: rehearsal (the embedded engine, since there is no other; docker: ")
