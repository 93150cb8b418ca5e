"""What an exercise may cost, and what its requests are shaped by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphval.deadlines import USUAL, ServerPhase
from graphval.engines.interface import Limits
from graphval.probe.asking import SAMPLES, Deadlines, Depth, ProbeSettings


@dataclass(frozen=True, slots=True)
class Terms:
    """What an exercise may cost and what it is shaped by. ``budget``: seconds for a deployment, after which only
    creation and valid requests are sent (``None``: as long as it takes)."""

    limits: Limits = field(default_factory=Limits)
    deadlines: Deadlines = field(default_factory=Deadlines)
    settings: ProbeSettings = field(default_factory=ProbeSettings)
    budget: float | None = None


def default_terms(
    samples: Path | None = None,
    *,
    deadlines: Mapping[ServerPhase, float] | None = None,
    probes: Depth = Depth.STANDARD,
    budget: float | None = None,
    seed: int | None = None,
    limits: Limits | None = None,
    named: Mapping[str, tuple[Path, ...]] | None = None,
) -> Terms:
    """The usual terms, but for what is said here.

    ``samples`` is the folder of request samples, by default ``samples`` in the current folder; one that is not there
    holds none. ``named`` are files of samples for single graphs, by their names. ``deadlines`` are what the phases of a
    server may take, in seconds, ``budget`` what a deployment may; ``limits`` are what a server may cost besides.
    ``probes`` says how much is asked, ``seed`` fixes the values that are made up.
    """
    folder = samples if samples is not None else SAMPLES
    settings = ProbeSettings(samples=(folder,) if folder.is_dir() else (), named=named or {}, depth=probes)
    said = deadlines or {}
    probe = said.get(ServerPhase.PROBE, USUAL[ServerPhase.PROBE])
    return Terms(
        limits=(limits or Limits()).with_deadlines(said),
        deadlines=Deadlines(creation=probe, request=probe),
        settings=settings if seed is None else replace(settings, seed=seed),
        budget=budget,
    )
