"""The library's functions stay what they are, whatever has been imported or called before."""

from __future__ import annotations

from pathlib import Path

from .running import RELAY, python

CALLS = """
import graphval
from pathlib import Path
path = Path({path!r})
import graphval.check, graphval.run.exercise, graphval.cli
from graphval.check import lint_events
print(graphval.lint([path]).verdict.value)
for _ in range(2):
    print(graphval.check([path], engine="none").verdict.value)
    print(type([*graphval.exercise([path], engine="none")][-1]).__name__)
print(type(graphval.check).__name__, graphval.exercise.__module__)
"""


def test_functions_are_called_again_and_again() -> None:
    run = python(CALLS.format(path=str(Path(RELAY))))
    assert run.stderr == ""
    assert run.stdout.split("\n") == [
        *("pass", "pass", "Done", "pass", "Done"),
        "function graphval",
        "",
    ]
