"""The example deployments and what each one's ``expect.json`` says of it.

``expect.json`` holds what OVMS would do, worked out from the facts about it and not from what graphval prints::

    {"verdict": "fail", "exit_code": 1,
     "graphs": {"name": {"verdict": "fail", "reached": "load",
                         "stages": {"parse": "pass", "load": "pass", "create": "fail", "serve": "skipped"},
                         "not_exercised": ["node"]}},
     "findings": [{"code": "GV501", "phase": "create", "effect": "abort", "file": "graph.pbtxt", "line": 23,
                   "by": "static"}]}

``exit_code`` is that of ``graphval check`` on this deployment alone. ``findings`` are all errors and warnings there may
be; ``file`` is relative to the example. ``by`` is ``engine`` where only a running server can tell.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GRAPHS = ROOT / "graphs"
SAMPLES = ROOT / "samples"


@dataclass(frozen=True)
class Example:
    """One deployment below ``graphs/<kind>/<name>``."""

    folder: Path

    @property
    def id(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def kind(self) -> str:
        return self.folder.parent.name

    @cached_property
    def expect(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.folder / "expect.json").read_text(encoding="utf-8"))
        return loaded

    @cached_property
    def graph_files(self) -> list[Path]:
        return sorted(self.folder.rglob("*.pbtxt"))

    def holds(self, file: str) -> bool:
        """Whether a path of a report lies in this example."""
        return (ROOT / file).resolve().is_relative_to(self.folder)

    def relative(self, file: str) -> str:
        return (ROOT / file).resolve().relative_to(self.folder).as_posix()


EXAMPLES = [Example(folder) for folder in sorted(GRAPHS.glob("*/*/")) if folder.is_dir()]


def examples(kind: str) -> list[Example]:
    return [example for example in EXAMPLES if example.kind == kind]
