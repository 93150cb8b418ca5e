"""A container runs as production would, and its server shows it; what production would refuse is refused here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphval.engines.choose import choose
from graphval.engines.interface import Launch, Limits
from graphval.engines.options import EngineOptions
from graphval.engines.runtime import ContainerRuntime
from tests.containers import runtime
from tests.engines.deployments import deploy, handler
from tests.engines.test_survival import ask

pytestmark = pytest.mark.container
LIMITS = Limits(load=90.0, stop=10.0, memory_mib=1024, cpus=1.0, processes=256)
LOOKS = """
import json, socket
def attempt(path):
    try:
        open(path, "w").close()
    except OSError as error:
        return error.errno
    return 0
def connect(host, port):
    probe = socket.socket()
    probe.settimeout(1.0)
    return probe.connect_ex((host, port))
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
here = os.path.dirname(os.path.abspath(__file__)) if "__file__" in globals() else kwargs["base_path"]
print("SEEN " + json.dumps({
    "uid": os.getuid(), "gid": os.getgid(), "capabilities": status["CapEff"], "bounding": status["CapBnd"],
    "no_new_privileges": status["NoNewPrivs"], "seccomp": status["Seccomp"],
    "root": attempt("/file"), "etc": attempt("/etc/file"), "tmp": attempt("/tmp/file"), "here": attempt(here + "/file"),
    "core": __import__("resource").getrlimit(4), "environment": sorted(os.environ), "process": os.getppid() >= 1,
    "first": open("/proc/1/comm").read().strip(), "key": os.environ.get("SOME_KEY"),
}), flush=True)
"""


@pytest.fixture(params=["docker", "podman"])
def program(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    assert runtime.things_of(request.param, os.getpid()) == []


def seen(program: str, folder: Path, options: EngineOptions) -> dict[str, object]:
    deployment = deploy(folder / "d", {"g": handler(initialize=LOOKS)})
    with choose(program, options).engine.start(Launch(deployment), LIMITS) as server:
        assert server.loaded, server.stdout() + server.stderr()
        lines = [line for line in server.stdout().splitlines() if line.startswith("SEEN ")]
    found: dict[str, object] = json.loads(lines[0].removeprefix("SEEN "))
    return found


def test_what_the_server_may(program: str, tmp_path: Path) -> None:
    options = EngineOptions(image=runtime.image(program), environment={"SOME_KEY": "of ours"})
    found = seen(program, tmp_path, options)
    read_only = 30
    assert (found["uid"], found["gid"]) == (5000, 5000)
    assert found["capabilities"] == found["bounding"] == "0" * 16
    assert (found["no_new_privileges"], found["seccomp"]) == ("1", "2")
    assert (found["root"], found["tmp"]) == (read_only, 0)
    assert found["etc"] in (read_only, 13)
    assert found["here"] in (read_only, 13)
    assert found["core"] == [0, 0]
    assert found["key"] == "***"  # it is there: secrets are masked in whatever is read of a server


def test_another_user(program: str, tmp_path: Path) -> None:
    found = seen(program, tmp_path, EngineOptions(image=runtime.image(program), user="1234:1235"))
    assert (found["uid"], found["gid"]) == (1234, 1235)


def test_what_the_runtime_was_told(tmp_path: Path) -> None:
    options = EngineOptions(image=runtime.image("docker"), environment={"SOME_KEY": "of ours"})
    deployment = deploy(tmp_path / "d", {"g": handler()})
    with choose("docker", options).engine.start(Launch(deployment), LIMITS) as server:
        assert server.loaded
        (name,) = (
            runtime.things("docker")["containers"]
            & set(runtime.run("docker", "ps", "--no-trunc", "--quiet", "--filter", "status=running").split())
            & {
                i
                for i in runtime.things("docker")["containers"]
                if f".{os.getpid()}." in runtime.run("docker", "inspect", i)
            }
        )
        told = json.loads(runtime.run("docker", "inspect", name))[0]
        network = json.loads(runtime.run("docker", "network", "inspect", told["HostConfig"]["NetworkMode"]))[0]
    host = told["HostConfig"]
    assert host["Memory"] == host["MemorySwap"] == 1024 << 20
    assert host["NanoCpus"] == 10**9
    assert host["PidsLimit"] == 256
    assert host["ReadonlyRootfs"]
    assert host["Init"]
    assert not host["Privileged"]
    assert host["CapDrop"] == ["ALL"]
    assert host["PortBindings"] in ({}, None)
    assert host["LogConfig"]["Type"] == "none"
    assert [mount["RW"] for mount in told["Mounts"]] == [False] * len(told["Mounts"])
    assert network["Internal"]


def test_published_on_loopback_where_a_network_is_named(tmp_path: Path) -> None:
    options = EngineOptions(image=runtime.image("docker"), network="bridge")
    deployment = deploy(tmp_path / "d", {"g": handler()})
    with choose("docker", options).engine.start(Launch(deployment), LIMITS) as server:
        assert server.loaded
        assert server.grpc.startswith("127.0.0.1:")
        assert server.rest is not None
        assert server.rest.startswith("127.0.0.1:")
        assert ask(server, "nothing of this name").code == "NOT_FOUND"


def test_a_file_that_its_user_cannot_read(tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"g": handler()})
    (tmp_path / "d" / "g" / "model.py").chmod(0o600)
    options = EngineOptions(image=runtime.image("docker"))
    with choose("docker", options).engine.start(Launch(deployment), LIMITS) as server:
        assert server.loaded
        assert "LOADING_PRECONDITION_FAILED" in server.stdout()
    with choose("docker", EngineOptions(image=options.image, user="0:0")).engine.start(
        Launch(deployment), LIMITS
    ) as server:
        assert server.loaded


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"image": "nobody/has:this", "pull": "never"}, "is not here: docker pull nobody/has:this"),
        ({"image": "No Name!"}, "that is no image name"),
        ({"network": "no-such-network"}, "network no-such-network not found"),
        ({"devices": ("/dev/no-such-device",)}, "a device that was asked for is not on this machine"),
        ({"platform": "linux/s390x"}, "the image is made for another processor"),
    ],
)
def test_what_cannot_be_started(tmp_path: Path, options: dict[str, object], why: str) -> None:
    from graphval.engines.interface import EngineError

    def start() -> None:
        chosen = choose("docker", EngineOptions(**{"image": runtime.image("docker"), **options}))  # type: ignore[arg-type]
        with chosen.engine.start(Launch(deploy(tmp_path / "d", {"g": handler()})), LIMITS):
            pass

    with pytest.raises(EngineError, match=why):
        start()
    assert runtime.things_of("docker", os.getpid()) == []


def test_of_several_images_the_first_that_is_here_is_taken() -> None:
    here = runtime.image("docker")
    found = ContainerRuntime("docker").image("graphval-test:never-built", here, "graphval-test:nor-this")
    assert found is not None
    assert found == ContainerRuntime("docker").image(here)
    assert ContainerRuntime("docker").image("graphval-test:never-built", "graphval-test:nor-this") is None
