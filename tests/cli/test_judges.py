"""The process that judges for ``lint`` is begun first of all, changes nothing, and is never in the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from .running import COMMAND, GRAPHS, PLAIN, RELAY, ROOT, python

ON_ONE_PROCESSOR = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from graphval.cli import process
process()
"""
ON_ALL = "from graphval.cli import process; process()"


def timeless(value: Any) -> Any:
    match value:
        case dict():
            return {name: 0 if name == "seconds" else timeless(held) for name, held in value.items()}
        case list():
            return [timeless(held) for held in value]
    return value


@pytest.mark.parametrize(
    "words",
    [
        ("lint", GRAPHS, "--format", "json"),
        ("lint", RELAY, "--format", "json"),
        ("lint", GRAPHS, "--format", "json", "--select", "GV2", "--ovms-version", "2026.2", "--no-models"),
    ],
)
def test_what_is_told_does_not_depend_on_the_processors(words: tuple[str | Path, ...]) -> None:
    one, several = python(ON_ONE_PROCESSOR, *words), python(ON_ALL, *words)
    assert (one.returncode, one.stderr) == (several.returncode, several.stderr)
    assert timeless(json.loads(one.stdout)) == timeless(json.loads(several.stdout))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("lint", RELAY), 0),
        (("lint", GRAPHS), 1),
        (("lint", "nowhere"), 2),
        (("lint", "--no-such-option"), 2),
        (("lint", "--help"), 0),
    ],
)
def test_nobody_outlives_the_command(words: tuple[str | Path, ...], code: int) -> None:
    with started(*words) as process:
        process.communicate(timeout=60)
    assert process.returncode == code
    end = time.monotonic() + 60
    while group_of(process.pid):
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("moments", [0, 1, 2, 4, 8, 16])
def test_an_interrupt_meets_all_of_them_and_is_told_once(moments: int) -> None:
    """As a terminal sends it, to every process at once; soon after they are there, and later."""
    with started("lint", GRAPHS, "--format", "json") as process:
        while process.poll() is None and len(group_of(process.pid)) < 2:
            time.sleep(0.001)
        time.sleep(0.01 * moments)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) in [(130, "graphval: interrupted\n"), (1, "")]
    if process.returncode == 1:
        assert json.loads(stdout)["verdict"] == "fail"


def started(*words: str | Path) -> subprocess.Popen[str]:
    """The command, first of a process group of its own."""
    return subprocess.Popen(
        [*COMMAND, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=PLAIN,
        process_group=0,
    )


def group_of(process: int) -> list[int]:
    """The living processes of a process group."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            state, _, group = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == process and state != "Z":
            found.append(int(entry.name))
    return found
