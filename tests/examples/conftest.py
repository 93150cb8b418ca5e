"""One run of ``graphval check`` and one of ``graphval lint`` over all examples, shared by every test here."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from .catalogue import ROOT, Example


@dataclass(frozen=True)
class Run:
    """A finished graphval process and the JSON it printed."""

    exit_code: int
    report: dict[str, Any]
    stderr: str

    def graphs(self, example: Example) -> dict[str, dict[str, Any]]:
        """The example's graphs by their name in OVMS: in a run over many deployments a name may carry the folder."""
        mine = [graph for graph in self.report["graphs"] if example.holds(graph["file"])]
        return {graph["name"].rsplit("/", 1)[-1]: graph for graph in mine}

    def findings(self, example: Example) -> list[dict[str, Any]]:
        """Errors and warnings about the example."""
        return [
            finding
            for finding in self.report["findings"]
            if example.holds(finding["location"]["file"]) and finding["severity"] != "info"
        ]


def graphval(*arguments: str) -> Run:
    done = subprocess.run(
        [sys.executable, "-m", "graphval", *arguments, "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode in (0, 1, 3), done.stderr
    return Run(done.returncode, json.loads(done.stdout), done.stderr)


@pytest.fixture(scope="session")
def checked() -> Run:
    return graphval("check", "graphs", "--engine", "rehearsal")


@pytest.fixture(scope="session")
def linted() -> Run:
    return graphval("lint", "graphs")
