"""Faults in the middle of whole runs: those that nothing else here is about. ``benchmarks/fault_injection.py`` makes a
hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.containers import runtime
from tests.containers.faults import Case, perform

pytestmark = pytest.mark.container


@pytest.mark.parametrize(
    ("fault", "after", "verdicts"),
    [
        # Somebody else ends or removes the server: it is started again once, or nothing is claimed.
        ("docker kill", 2.5, {"pass", "inconclusive"}),
        ("docker rm", 2.5, {"pass", "inconclusive"}),
        ("start fails", 0.0, {"inconclusive"}),
        ("rm fails", 0.0, {"pass"}),
    ],
)
def test_a_fault(tmp_path: Path, fault: str, after: float, verdicts: set[str]) -> None:
    outcome = perform(Case(0, "docker", fault, after, ("good",)), tmp_path, runtime.image("docker"))
    assert outcome.wrong == []
    assert outcome.verdict in verdicts
