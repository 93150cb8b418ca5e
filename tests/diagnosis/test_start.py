"""A server that does not start is explained by its exit code and its words."""

from __future__ import annotations

from pathlib import Path

import pytest

import graphval
from graphval.diagnosis.start import why_not_started
from graphval.engines.options import EngineOptions
from tests.engines.deployments import PASS_THROUGH, deploy


@pytest.mark.parametrize(
    ("ending", "stdout", "stderr", "why"),
    [
        (
            "exit code 127", "",
            "ovms: error while loading shared libraries: libxml2.so.2: cannot open shared object file: No such file\n",
            "lacks the library libxml2.so.2",
        ),
        ("SIGILL (exit code 132)", "", "", "processor lacks instructions"),
        (
            "exit code 1", "[x] Failed to start gRPC server - at 0.0.0.0:9000 - port is busy\n", "",
            "another program listens",
        ),
        ("exit code 64", "", "Error reading API key file: Unable to open file\n", "cannot read the API key file"),
        (
            "exit code 64", "", "error parsing options - unmatched arguments: --no_such_flag, \n",
            "does not know these words of its command line: --no_such_flag,",
        ),
        ("exit code 64", "", "port number out of range from 0 to 65535\n", "command line is wrong"),
        ("exit code 126", "", "", "may not be run by its user"),
        ("exit code 127", "", "cannot start /x/ovms: No such file or directory\n", "is not where it was looked for"),
        ("SIGABRT (exit code 134)", "", "  what():  std::bad_alloc\n", "too little memory"),
        ("exit code 1", "", "Traceback (most recent call last):\n  File x\nMemoryError\n", "too little memory"),
        ("exit code 1", "", "pthread_create failed: Resource temporarily unavailable\n", "limit of processes"),
        ("exit code 1", "Exception catch: bad thing - will now terminate.\n", "", "ended the start: bad thing"),
        ("exit code 1", "nothing known\n", "", ""),
        ("SIGSEGV (exit code 139)", "", "", ""),
    ],
)  # fmt: skip
def test_what_it_says(ending: str, stdout: str, stderr: str, why: str) -> None:
    told = why_not_started(ending, stdout, stderr)
    assert why in told
    assert bool(told) == bool(why)


@pytest.mark.parametrize(
    ("script", "message", "help"),
    [
        (
            "echo 'x: error while loading shared libraries: liba.so: cannot open' >&2; exit 127",
            "exit code 127",
            "liba.so",
        ),
        ("kill -ILL $$", "SIGILL", "processor"),
        ("exit 64", "exit code 64: without a word", "command line is wrong"),
        (
            "echo 'Traceback (most recent call last):' >&2; echo '  File x' >&2; echo 'MemoryError: ' >&2; exit 1",
            "reached its memory limit",
            "--memory",
        ),
    ],
)
def test_a_run_says_it(tmp_path: Path, script: str, message: str, help: str) -> None:
    program = tmp_path / "ovms"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    deployment = deploy(tmp_path / "d", {"one": PASS_THROUGH, "two": PASS_THROUGH})
    report = graphval.check([deployment.path], engine="binary", options=EngineOptions(binary=str(program)))
    texts = [(finding.message, finding.help) for finding in report.findings]
    told = [graph.not_exercised for graph in report.graphs]
    assert any(message in said and help in advice for said, advice in texts), (texts, told)
