"""What docker and podman are told in the life of one server: the same words, in the same order, and no others.

The runtimes are scripts that write down what they are told, so that nothing but words is looked at here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from graphval.engines.choose import choose
from graphval.engines.container import ContainerServer
from graphval.engines.doctor import examine
from graphval.engines.interface import EngineError, Exit, Launch, Limits, exit_of
from graphval.engines.options import EngineOptions, Pull
from graphval.engines.process import LISTENING, LOAD_ENDED, ServerProcess
from graphval.engines.runtime import Confinement, ContainerRuntime

from .deployments import PASS_THROUGH, deploy
from .scripts import PATIENCE, words

INSPECTED = {"Id": "sha256:abc", "RepoDigests": ["repo@sha256:def"], "Config": {"User": "ovms"}}
STATE = {
    "State": {"Running": False, "Status": "exited", "ExitCode": 0, "OOMKilled": False},
    "NetworkSettings": {"Networks": {"n": {"IPAddress": "10.1.2.3"}}},
}
LIMITED: dict[str, object] = {
    "MemoryLimit": True,
    "PidsLimit": True,
    "OperatingSystem": "Debian",
    "SecurityOptions": ["name=seccomp"],
}
INFO: dict[str, dict[str, object]] = {
    "docker": LIMITED,
    "podman": {"host": {"security": {"rootless": False}, "cgroupControllers": ["cpu", "memory", "pids"]}},
}
GOLDEN = """
image inspect repo:1
ps --all --quiet --filter label=graphval.owner
network ls --quiet --filter label=graphval.owner
info --format FORMAT
network create --internal --label graphval.owner=OWNER --label graphval.deadline=DEADLINE NAME
create --name NAME --pull never --label graphval.owner=OWNER --label graphval.deadline=DEADLINE --init
 --user 5000:5000 --read-only --tmpfs /tmp:rw,noexec,nosuid,nodev,size=512m,mode=1777 --cap-drop ALL
 --security-opt no-new-privileges --memory 1024m --memory-swap 1024m --pids-limit 4096 --ulimit core=0:0
 --ulimit nofile=N:N --ulimit nproc=N:N --log-driver none --no-healthcheck --restart no --network NAME
 --mount type=bind,source=FOLDER,target=FOLDER,readonly
 --mount type=bind,source=STAGE,target=STAGE,readonly
 --mount type=bind,source=KEY,target=/run/graphval/api_key,readonly
 --env GLOG_minloglevel --env HF_TOKEN sha256:abc --config_path STAGE/config.json
 --port 9000 --rest_port 9001 --log_level DEBUG --api_key_file /run/graphval/api_key
start --attach NAME
container inspect NAME
rm --force --volumes NAME
network rm NAME
"""


def runtime(folder: Path, name: str, state: dict[str, object]) -> Path:
    """A runtime that is only a script; the file that it writes its words to, a line for each call."""
    folder.mkdir(exist_ok=True)
    said = folder / f"{name}.said"
    script = f"""#!/bin/sh
printf '%s\\037' "$@" >> {said}; echo >> {said}
case "$1 $2" in
  "image inspect") cat <<'END'
{json.dumps([INSPECTED])}
END
  ;;
  "container inspect") cat <<'END'
{json.dumps([state])}
END
  ;;
  "info --format") cat <<'END'
{json.dumps(INFO[name])}
END
  ;;
  "start --attach") echo '{LISTENING.decode()}'; echo '{LOAD_ENDED.decode()}';;
esac
"""
    (folder / name).write_text(script, "utf-8")
    (folder / name).chmod(0o755)
    return said


def told(said: Path, folder: Path) -> list[str]:
    """What a runtime was told, without what differs from run to run."""
    lines = [line.rstrip("\x1f").split("\x1f") for line in said.read_text("utf-8").splitlines()]
    text = "\n".join(" ".join(line) for line in lines)
    for pattern, name in (
        (r"graphval-[0-9a-f]{12}\b", "NAME"),
        (r"(?<=graphval\.owner=)\S+", "OWNER"),
        (r"(?<=graphval\.deadline=)\d+", "DEADLINE"),
        (r"(?<=nofile=)\d+:\d+|(?<=nproc=)\d+:\d+", "N:N"),
        (r"(?<=source=)[^,]*/api_key", "KEY"),
        (r"/\S+?/stage-\w+", "STAGE"),
        (r"(?<=--format )\{\{.*", "FORMAT"),
        (re.escape(str(folder)), "FOLDER"),
    ):
        text = re.sub(pattern, name, text)
    return text.splitlines()


@pytest.mark.parametrize("program", ["docker", "podman"])
def test_one_servers_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    said = runtime(tmp_path / "bin", program, STATE)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    key = tmp_path / "key"
    key.write_text("the key of all keys", "utf-8")
    options = EngineOptions(image="repo:1", environment={"HF_TOKEN": "a secret"}, api_key_file=key)
    deployment = deploy(tmp_path / "d", {"g": PASS_THROUGH})
    with choose(program, options).engine.start(Launch(deployment), Limits(memory_mib=1024)) as server:
        assert server.loaded
        assert server.wait(PATIENCE) == Exit(0)
    golden = GOLDEN.strip().replace("\n ", " ").splitlines()
    assert told(said, tmp_path / "d") == golden
    assert "a secret" not in said.read_text("utf-8")
    assert "the key of all keys" not in said.read_text("utf-8")


@pytest.mark.parametrize("program", ["docker", "podman"])
def test_an_image_is_pulled_for_a_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    said = runtime(tmp_path / "bin", program, STATE)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    choose(program, EngineOptions(image="repo:1", pull=Pull.ALWAYS, platform="linux/arm64"))
    assert told(said, tmp_path) == ["pull --platform linux/arm64 repo:1", "image inspect repo:1"]


@pytest.mark.parametrize(
    ("program", "info", "confinement"),
    [
        ("docker", LIMITED, Confinement(rootless=False, unlimited=())),
        ("docker", {**LIMITED, "OperatingSystem": "Docker Desktop"}, Confinement(rootless=True, unlimited=())),
        ("docker", {**LIMITED, "SecurityOptions": ["name=rootless"]}, Confinement(rootless=True, unlimited=())),
        ("docker", {**LIMITED, "PidsLimit": False}, Confinement(rootless=False, unlimited=("processes",))),
        ("docker", {"SecurityOptions": None}, Confinement(rootless=False, unlimited=())),
        ("podman", INFO["podman"], Confinement(rootless=False, unlimited=())),
        (
            "podman",
            {"host": {"security": {"rootless": True}, "cgroupControllers": []}},
            Confinement(rootless=True, unlimited=("memory", "processes")),
        ),
    ],
)
def test_how_far_a_runtime_can_confine(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    info: dict[str, object],
    confinement: Confinement,
) -> None:
    monkeypatch.setitem(INFO, program, info)
    runtime(tmp_path / "bin", program, STATE)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert ContainerRuntime(program).confinement() == confinement


def test_the_doctor_says_which_limits_are_not_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As podman answers a user without cgroups of his own."""
    monkeypatch.setitem(INFO, "podman", {"host": {"security": {"rootless": True}, "cgroupControllers": []}})
    runtime(tmp_path / "bin", "podman", STATE)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (podman,) = [state for state in examine(EngineOptions(image="repo:1")).states if state.engine == "podman"]
    assert podman.usable
    assert "rootless: servers are published on loopback" in podman.detail
    assert "limits on memory and processes are not in force" in podman.detail
    assert "cgroup v2 with delegated controllers" in podman.detail


ABORT = "F0000 00:00:1.0 9 packet.h:8] Check failed: x"


@pytest.mark.parametrize(
    ("code", "init", "out_of_memory", "stderr", "end"),
    [
        (0, True, False, "", Exit(0)),
        (1, True, False, "", Exit(1)),
        (132, True, False, "", Exit(132, "SIGILL")),
        (133, True, False, "", Exit(133, "SIGTRAP")),
        (134, True, False, ABORT, Exit(134, "SIGABRT")),
        (139, True, False, ABORT, Exit(139, "SIGSEGV")),
        (139, False, False, ABORT, Exit(134, "SIGABRT")),
        (139, False, False, "terminate called without an active exception", Exit(134, "SIGABRT")),
        (139, False, False, "", Exit(139, "SIGSEGV")),
        (137, True, True, "", Exit(137, "SIGKILL", "memory")),
        (1, True, True, "", Exit(137, "SIGKILL", "memory")),
        (137, True, False, "", Exit(137, "SIGKILL")),
        (143, True, False, "", Exit(143, "SIGTERM")),
    ],
)
def test_how_a_container_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, init: bool, out_of_memory: bool, stderr: str, end: Exit
) -> None:
    """Without an init program an abort of process 1 shows as a memory fault; its words tell."""
    state = {"State": {"Running": False, "Status": "exited", "ExitCode": code, "OOMKilled": out_of_memory}}
    assert ended(tmp_path, monkeypatch, state, init=init, stderr=stderr) == end


def ended(folder: Path, monkeypatch: pytest.MonkeyPatch, state: dict[str, object], *, init: bool, stderr: str) -> Exit:
    runtime(folder / "bin", "docker", state)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    program = words(f"sys.stderr.write({stderr!r})")
    client = ServerProcess(program, folder=folder, environment={}, grpc="", rest=None)
    try:
        end = ContainerServer(client, ContainerRuntime("docker"), "name", init=init).wait(PATIENCE)
    finally:
        client.stop(0.0)
    assert end is not None
    return end


def test_a_client_that_ends_alone_is_a_lost_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphval.engines.container._CATCHES_UP", 0.3)
    with pytest.raises(EngineError, match="the connection to docker broke while the server ran"):
        ended(tmp_path, monkeypatch, {"State": {"Running": True, "Status": "running"}}, init=True, stderr="")


def test_a_container_that_never_ran_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"State": {"Running": False, "Status": "created", "ExitCode": 127, "Error": "exec format error"}}
    with pytest.raises(EngineError, match="the image is made for another processor"):
        ended(tmp_path, monkeypatch, state, init=True, stderr="")


@pytest.mark.parametrize("code", [0, 1, 64, 128])
def test_what_is_no_signal(code: int) -> None:
    assert exit_of(code) == Exit(code)
