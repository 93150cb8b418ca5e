"""Whole runs on containers: every fault is told rightly, and nothing is left, whatever ends the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import graphval
from graphval.engines.interface import Limits
from graphval.engines.options import EngineOptions
from graphval.findings import Report
from graphval.probe.asking import Deadlines
from graphval.run.terms import Terms
from tests.containers import runtime
from tests.engines import deployments
from tests.engines.deployments import deploy, handler

pytestmark = pytest.mark.container
PATIENCE = 120.0
TERMS = Terms(limits=Limits(load=90.0, stop=10.0), deadlines=Deadlines(creation=20.0, request=5.0))


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    assert runtime.things_of("docker", os.getpid()) == []


@pytest.fixture(params=["docker", "podman"])
def program(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    assert runtime.things_of(request.param, os.getpid()) == []


def check(
    folder: Path, graphs: dict[str, str | dict[str, str]], terms: Terms = TERMS, program: str = "docker"
) -> Report:
    deployment = deploy(folder / "d", graphs)  # type: ignore[arg-type]
    options = EngineOptions(image=runtime.image(program))
    return graphval.check([deployment.path], engine=program, options=options, terms=terms)


def seen(report: Report, graph: str) -> tuple[str, str]:
    """A graph's verdict and the highest rung it reached."""
    (found,) = [entry for entry in report.graphs if entry.name == graph]
    return found.verdict.value, found.reached.value


def test_one_run_tells_all(tmp_path: Path, program: str) -> None:
    report = check(
        tmp_path,
        program=program,
        graphs={
            "good": deployments.PASS_THROUGH,
            "refused": deployments.REFUSED,
            "kills_at_load": deployments.POOLED,
            "kills_at_creation": deployments.SYNC_SET,
            "hangs": deployments.HANGS,
            "good_too": deployments.PASS_THROUGH,
        },
    )
    assert {entry.name: seen(report, entry.name) for entry in report.graphs} == {
        "good": ("pass", "serve"),
        "refused": ("fail", "parse"),
        "kills_at_load": ("fail", "parse"),
        "kills_at_creation": ("fail", "load"),
        "hangs": ("fail", "create"),
        "good_too": ("pass", "serve"),
    }
    assert report.target.engine == program
    assert report.target.image is not None
    assert "sha256:" in report.target.image


def test_out_of_memory_is_the_limits_doing(tmp_path: Path, program: str) -> None:
    greedy = handler(initialize="held = []\nwhile True:\n    held.append(bytearray(b'x') * (1 << 24))")
    terms = Terms(limits=Limits(load=90.0, stop=10.0, memory_mib=768), deadlines=TERMS.deadlines)
    report = check(tmp_path, {"greedy": greedy, "good": deployments.PASS_THROUGH}, terms, program)
    assert seen(report, "greedy")[0] == "inconclusive"
    assert seen(report, "good") == ("pass", "serve")
    if program == "docker" or report.findings:
        assert [f.code for f in report.findings] == ["GV840"]
        assert "memory" in report.findings[0].message
    else:
        # podman does not always see that it was the kernel.
        (greedy_one,) = [entry for entry in report.graphs if entry.name == "greedy"]
        assert "while it loaded this graph, as it is where memory runs out" in greedy_one.not_exercised[0].reason


def test_a_graph_that_production_could_not_read(tmp_path: Path) -> None:
    deployment = deploy(tmp_path / "d", {"hidden": deployments.PASS_THROUGH, "good": deployments.PASS_THROUGH})
    (tmp_path / "d" / "hidden" / "graph.pbtxt").chmod(0o600)
    options = EngineOptions(image=runtime.image("docker"))
    report = graphval.check([deployment.path], engine="docker", options=options, terms=TERMS)
    assert seen(report, "good") == ("pass", "serve")
    assert seen(report, "hidden")[0] == "fail"
    (finding,) = report.findings
    assert "user 5000 cannot read" in finding.message


def test_twenty_at_once(tmp_path: Path) -> None:
    def run(number: int) -> tuple[str, str]:
        report = check(tmp_path / str(number), {f"g{number}": deployments.PASS_THROUGH})
        return seen(report, f"g{number}")

    runtime.image("docker")
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(run, range(20))) == [("pass", "serve")] * 20


SIGNALS: Sequence[tuple[tuple[signal.Signals, ...], int]] = [
    ((signal.SIGINT,), 130),
    ((signal.SIGINT, signal.SIGINT), 130),
    ((signal.SIGTERM,), 143),
    ((signal.SIGKILL,), -signal.SIGKILL),
]


@pytest.mark.parametrize("moment", ["starting a server", "request 1: creation"])
@pytest.mark.parametrize(
    ("program", "signals", "code"),
    [*(("docker", *sent) for sent in SIGNALS), *(("podman", *sent) for sent in SIGNALS[2:])],
)
def test_a_signal(tmp_path: Path, program: str, moment: str, signals: Sequence[signal.Signals], code: int) -> None:
    deploy(tmp_path / "d", {"g": deployments.HANGS})
    words = [sys.executable, "-m", "graphval", "check", str(tmp_path / "d" / "config.json"), "--engine", program]
    words += ["--image", runtime.image(program), "--deadline", "100", "-v"]
    with subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert any(moment in line for line in process.stdout)
        if moment.startswith("starting"):
            end = time.monotonic() + PATIENCE
            while not runtime.things_of(program, process.pid):
                assert time.monotonic() < end
        for number in signals:
            process.send_signal(number)
        process.stdout.read()
        assert process.wait(PATIENCE) == code
    if signals[0] is signal.SIGKILL:
        # Nobody was left to remove them; whoever comes next does.
        assert runtime.things_of(program, process.pid) != []
        subprocess.run([sys.executable, "-m", "graphval", "clean"], capture_output=True, check=True)
    assert runtime.things_of(program, process.pid) == []
