"""From a name to an engine, or to words that help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphval.engines import choose as choosing
from graphval.engines.choose import AUTO, ENGINES, choose, image_names
from graphval.engines.interface import EngineError, UnknownEngine
from graphval.engines.options import EngineOptions


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without runtimes and executables; the folder that is its PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


INSPECTED = """[{"Id": "sha256:abc", "RepoDigests": ["repo@sha256:def"], "Config": {"User": "ovms"}}]"""
HAS_IMAGE = f"echo '{INSPECTED}'"
NO_IMAGE = "echo 'Error: No such image: x' >&2; exit 1"
PULL = 'case "$1" in pull) echo "{}" >&2; exit 1;; *) echo "No such image" >&2; exit 1;; esac'
NO_DAEMON = "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1"


def test_the_rehearsal_and_the_executable_know_their_names(bare: Path) -> None:
    program(bare, "ovms", "true")
    for name in ("rehearsal", "binary"):
        choice = choose(name)
        assert choice.engine.name == name
        assert choice.reason == "asked for"


@pytest.mark.parametrize("name", ["docker", "podman", "nerdctl"])
def test_a_runtime_with_the_image(bare: Path, name: str) -> None:
    program(bare, name, HAS_IMAGE)
    engine = choose(name).engine
    assert (engine.name, engine.image, engine.is_ovms) == (name, "repo@sha256:def", True)


ALL_ENGINES = f"available: {', '.join((AUTO, 'none', *ENGINES))}"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("", ALL_ENGINES),
        ("Docker", "did you mean docker?"),
        ("rehearsal ", "did you mean rehearsal?"),
        ("none of these", ALL_ENGINES),
    ],
)
def test_an_engine_nobody_knows(name: str, advice: str) -> None:
    with pytest.raises(UnknownEngine, match=re.escape(f'engine "{name}" is unknown; {advice}')):
        choose(name)


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("rehearsal", EngineOptions(image="mine"), "--image is for the engine docker or podman or nerdctl"),
        ("docker", EngineOptions(binary="ovms"), "--binary is for the engine binary"),
        ("binary", EngineOptions(address="localhost:9000"), "--address is for the engine remote"),
    ],
)
def test_what_another_engine_would_serve_is_not_passed_over(name: str, options: EngineOptions, said: str) -> None:
    with pytest.raises(UnknownEngine, match=f"^{said}, and {name} is asked for$"):
        choose(name, options)


@pytest.mark.parametrize("name", [AUTO, "rehearsal"])
def test_what_the_rehearsal_lacks(bare: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    absent = ("mediapipe", "grpc")
    monkeypatch.setattr(choosing, "installed", lambda module: module not in absent)
    with pytest.raises(EngineError, match=r"needs mediapipe, grpc; .*pip install 'graphval\[rehearsal\]'"):
        choose(name)


@pytest.mark.parametrize(
    ("programs", "engine", "why"),
    [
        ({}, "rehearsal", "docker: docker is not installed, or not on the PATH; podman: podman is not installed"),
        ({"ovms": "true"}, "binary", "this executable is here; docker: docker is not installed"),
        ({"docker": HAS_IMAGE, "ovms": "true"}, "docker", "image repo@sha256:def is here"),
        ({"podman": HAS_IMAGE, "ovms": "true"}, "podman", "image repo@sha256:def is here; docker: docker is not"),
        ({"docker": NO_IMAGE, "podman": HAS_IMAGE}, "podman", "is here; docker: image openvino/model_server:2026.3 is"),
        ({"docker": NO_IMAGE, "ovms": "true"}, "binary", "docker pull openvino/model_server:2026.3, or let graphval"),
        ({"docker": NO_DAEMON}, "rehearsal", "docker: no docker daemon answers: start it (systemctl start docker)"),
    ],
)
def test_the_first_that_can_be_had(bare: Path, programs: dict[str, str], engine: str, why: str) -> None:
    for name, script in programs.items():
        program(bare, name, script)
    choice = choose(AUTO, release="2026.3")
    assert choice.engine.name == engine
    assert why in choice.reason
    if engine == "rehearsal":
        assert choice.reason.startswith("the embedded engine, since there is no other; docker: ")
        assert choice.reason.endswith("no ovms is on the PATH; name one with --binary")


def test_auto_fetches_nothing(bare: Path) -> None:
    program(bare, "docker", f'case "$1" in pull) echo x > {bare}/pulled;; *) {NO_IMAGE};; esac')
    assert choose(AUTO).engine.name == "rehearsal"
    assert not (bare / "pulled").exists()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (EngineOptions(image="mine:1"), "docker: docker is not installed.*podman: podman is not installed"),
        (EngineOptions(binary="/nowhere/ovms"), "binary: /nowhere/ovms is no executable; name one with --binary"),
    ],
)
def test_what_was_named_must_be_had(bare: Path, options: EngineOptions, why: str) -> None:
    with pytest.raises(EngineError, match=why):
        choose(AUTO, options)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (NO_DAEMON, r"no docker daemon answers: start it \(systemctl start docker\)"),
        (
            "echo 'permission denied while trying to connect to the Docker daemon socket at unix:///x' >&2; exit 1",
            "this user may not use the docker socket: join the group docker",
        ),
        (PULL.format("pull access denied for x"), r"the registry refuses: log in \(docker login\)"),
        (PULL.format("dial tcp: lookup r: no such host"), "the registry cannot be reached: check network and proxy"),
        ("echo something odd >&2; exit 1", "^docker: something odd$"),
        ("exit 1", "^docker: no reason given$"),
    ],
)
def test_why_docker_cannot_be_had(bare: Path, script: str, why: str) -> None:
    program(bare, "docker", script)
    with pytest.raises(EngineError, match=why):
        choose("docker", EngineOptions(image="x"))


def test_the_images_of_a_release() -> None:
    assert image_names(EngineOptions(), "2026.3")[0] == "openvino/model_server:2026.3"
    assert image_names(EngineOptions(image="a@sha256:b"), "2026.3") == ("a@sha256:b",)
