"""How much is asked of a graph, with which values, and how long an answer may take. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

SEED = 20_260
SAMPLES = Path("samples")
"""Where request samples are looked for, unless somebody says otherwise."""


class Depth(StrEnum):
    """How much of a graph is asked for. ``QUICK``: creation and one valid request. ``STANDARD``: that twice, edges, at
    once, on a stream, and refusals. ``THOROUGH``: more edges."""

    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """What requests are shaped by. ``samples``: folders to look for request samples in. ``named``: files of samples for
    single graphs, which count instead of what lies in the folders. ``seed`` fixes the made-up values. ``concurrency``:
    how many requests are sent at once. ``pool_off``: the server that is asked has graph pools switched off."""

    samples: tuple[Path, ...] = ()
    named: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    seed: int = SEED
    depth: Depth = Depth.STANDARD
    concurrency: int = 4
    pool_off: bool = False


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds that each kind of call may take."""

    status: float = 10.0
    creation: float = 30.0
    request: float = 30.0
