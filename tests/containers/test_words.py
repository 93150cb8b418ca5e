"""The command lines for docker and podman: the same words, each of them meant."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from graphval.engines.container_words import Container, Host, create_words
from graphval.engines.interface import Limits
from graphval.engines.options import EngineOptions

CONTAINER = Container(
    name="graphval-1",
    image="sha256:abc",
    network="graphval-1",
    published=False,
    labels={"graphval.owner": "b.s.1.2", "graphval.deadline": "99"},
    mounts=[(Path("/deploy"), Path("/deploy"))],
    environment=["GLOG_minloglevel"],
    words=["--model_path", "/deploy/g", "--port", "9000"],
)
HOST = Host(selinux=False, files=1024, tasks=512)
GOLDEN = """
create
--name graphval-1
--pull never
--label graphval.owner=b.s.1.2
--label graphval.deadline=99
--init
--user 5000:5000
--read-only
--tmpfs /tmp:rw,noexec,nosuid,nodev,size=4096m,mode=1777
--cap-drop ALL
--security-opt no-new-privileges
--memory 8192m
--memory-swap 8192m
--pids-limit 4096
--ulimit core=0:0
--ulimit nofile=1024:1024
--ulimit nproc=512:512
--log-driver none
--no-healthcheck
--restart no
--network graphval-1
--mount type=bind,source=/deploy,target=/deploy,readonly
--env GLOG_minloglevel
sha256:abc
--model_path /deploy/g
--port 9000
"""


def words(container: Container = CONTAINER, options: EngineOptions | None = None, **changes: object) -> list[str]:
    limits = replace(Limits(), **changes)
    return create_words(container, options or EngineOptions(), limits, HOST)


def test_the_words() -> None:
    assert words() == GOLDEN.split()


@pytest.mark.parametrize(
    ("container", "options", "limits", "added"),
    [
        ({"published": True}, {}, {}, "--publish 127.0.0.1::9000 --publish 127.0.0.1::9001"),
        ({}, {"platform": "linux/arm64"}, {}, "--platform linux/arm64"),
        ({}, {"devices": ("/dev/null",)}, {}, "--device /dev/null"),
        ({}, {}, {"cpus": 1.5}, "--cpus 1.5"),
    ],
)
def test_what_is_added(
    container: dict[str, object], options: dict[str, object], limits: dict[str, object], added: str
) -> None:
    more = words(replace(CONTAINER, **container), replace(EngineOptions(), **options), **limits)
    rest = list(more)
    start = rest.index(added.split()[0])
    assert rest[start : start + len(added.split())] == added.split()
    del rest[start : start + len(added.split())]
    assert rest == words()


@pytest.mark.parametrize(
    ("options", "limits", "old", "new"),
    [
        ({"user": "1000:1000"}, {}, "5000:5000", "1000:1000"),
        ({}, {"processes": 100}, "4096", "100"),
    ],
)
def test_what_is_replaced(options: dict[str, object], limits: dict[str, object], old: str, new: str) -> None:
    changed = words(options=replace(EngineOptions(), **options), **limits)
    assert changed == [new if word == old else word for word in words()]


def test_selinux_lets_the_mounts_be_read() -> None:
    labelled = create_words(CONTAINER, EngineOptions(), Limits(), replace(HOST, selinux=True))
    assert [word for word in labelled if word not in words()] == ["label=disable"]


@pytest.mark.parametrize("folder", ["/a,b", '/a"b', '/a,"b",c', "/a b", "/a=b", "/a:b", "/a,readonly=false"])
def test_a_path_is_one_field(folder: str) -> None:
    path = Path(folder)
    made = words(replace(CONTAINER, mounts=[(path, path)]))
    (fields,) = csv.reader([made[made.index("--mount") + 1]])
    assert fields == ["type=bind", f"source={folder}", f"target={folder}", "readonly"]


def test_no_value_of_the_environment_is_on_the_line() -> None:
    made = words(replace(CONTAINER, environment=["API_KEY", "HF_TOKEN"]))
    assert [made[i + 1] for i, word in enumerate(made) if word == "--env"] == ["API_KEY", "HF_TOKEN"]
