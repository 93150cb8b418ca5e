"""What a killed run left is swept by the next run and by ``graphval clean``; nothing else is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from graphval.engines.container_words import DEADLINE_LABEL, OWNER_LABEL
from graphval.engines.leftovers import sweep
from graphval.engines.owner import this_process
from graphval.engines.runtime import ContainerRuntime
from tests.containers import runtime

pytestmark = pytest.mark.container
ME = this_process()
GONE = replace(ME, began="1")
ELSEWHERE = replace(ME, boot="another-machine", began="1")
PAST, FUTURE = str(int(time.time()) - 10), str(int(time.time()) + 10_000)


@contextmanager
def made(program: str, labels: dict[str, str]) -> Iterator[str]:
    """A container and a network with these labels."""
    name = f"graphval-test-{uuid4().hex[:8]}"
    flags = [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]
    image = runtime.image(program)
    runtime.run(program, "network", "create", *flags, name)
    runtime.run(program, "create", "--name", name, "--network", name, *flags, image, "--help")
    try:
        yield name
    finally:
        subprocess.run([program, "rm", "--force", name], capture_output=True, check=False)
        subprocess.run([program, "network", "rm", name], capture_output=True, check=False)


def there(program: str, name: str) -> tuple[bool, bool]:
    """Whether the container and the network of that name exist."""
    return tuple(  # type: ignore[return-value]
        subprocess.run([program, kind, "inspect", name], capture_output=True, check=False).returncode == 0
        for kind in ("container", "network")
    )


@pytest.mark.parametrize(
    ("labels", "swept"),
    [
        ({OWNER_LABEL: str(GONE), DEADLINE_LABEL: FUTURE}, True),
        ({OWNER_LABEL: str(ELSEWHERE), DEADLINE_LABEL: PAST}, True),
        ({OWNER_LABEL: str(ME), DEADLINE_LABEL: PAST}, False),
        ({OWNER_LABEL: str(ELSEWHERE), DEADLINE_LABEL: FUTURE}, False),
        ({OWNER_LABEL: str(ELSEWHERE)}, False),
        ({OWNER_LABEL: "somebody", DEADLINE_LABEL: PAST}, False),
        ({DEADLINE_LABEL: PAST}, False),
        ({"other.owner": str(GONE), DEADLINE_LABEL: PAST}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("program", ["docker", "podman"])
def test_what_is_swept(program: str, labels: dict[str, str], swept: bool) -> None:
    with made(program, labels) as name:
        sweep(ContainerRuntime(program))
        assert there(program, name) == (not swept, not swept)


def test_clean_says_what_it_removed() -> None:
    with made("docker", {OWNER_LABEL: str(GONE), DEADLINE_LABEL: FUTURE}) as name:
        first, second = (
            subprocess.run([sys.executable, "-m", "graphval", "clean"], capture_output=True, text=True, check=False)
            for _ in range(2)
        )
        assert there("docker", name) == (False, False)
    assert first.returncode == second.returncode == 0
    assert "1 container, 1 network" in first.stdout
    assert "container" not in second.stdout


def test_two_sweeps_at_once() -> None:
    with made("docker", {OWNER_LABEL: str(GONE), DEADLINE_LABEL: FUTURE}) as name:
        words = [sys.executable, "-m", "graphval", "clean"]
        sweeps = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
        ends = [(process.communicate(timeout=60), process.returncode) for process in sweeps]
        assert there("docker", name) == (False, False)
    assert [code for _, code in ends] == [0] * 4, ends
    assert os.getpid() == ME.process
