"""Sound files to begin with: the project's examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_KINDS = {
    "text": ("graphs/*/*/**/*.pbtxt",),
    "graph": ("graphs/*/*/**/*.pbtxt",),
    "config": ("graphs/*/*/config.json",),
    "subconfig": ("graphs/*/*/**/subconfig.json", "graphs/*/*/config.json"),
    "handler": ("graphs/*/*/**/*.py",),
}


@cache
def seeds(subject: str) -> list[bytes]:
    """Files of the kind that a subject takes; never none."""
    found = sorted({file for pattern in _KINDS[subject] for file in ROOT.glob(pattern)})
    return [file.read_bytes() for file in found if file.stat().st_size < 20_000]
