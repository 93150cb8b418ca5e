"""What a user can set about how a run judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from graphval.deadlines import ServerPhase
from graphval.findings import Severity

OWN_FILE, PROJECT_FILE = "graphval.toml", "pyproject.toml"
"""The names of files that may hold settings."""


class SettingsError(Exception):
    """Settings that cannot be used: one line for each mistake, ``file:line:column: message`` where a file holds it."""


class Profile(StrEnum):
    """A name for how much must be right: by ``DEFAULT`` errors fail a run, by ``STRICT`` whatever is reported does."""

    DEFAULT = "default"
    STRICT = "strict"

    @property
    def fail_on(self) -> Severity:
        """The lowest severity that fails a run of this profile."""
        return Severity.INFO if self is Profile.STRICT else Severity.ERROR


class DeclaredCalculator(NamedTuple):
    """A calculator that a custom build of OVMS registers and no release does.

    ``options`` is the full name of its options message, whose fields nobody here knows. Tags end in ``?`` where they
    are optional and in ``*`` where any number of streams may have them; an untagged stream has the tag ``""``. A side
    of ``None`` may have any tags.
    """

    name: str
    options: str = ""
    inputs: tuple[str, ...] | None = None
    outputs: tuple[str, ...] | None = None
    input_side_packets: tuple[str, ...] | None = None
    output_side_packets: tuple[str, ...] | None = None

    @property
    def has_tags(self) -> bool:
        """Whether anything is said about what it takes and gives."""
        sides = (self.inputs, self.outputs, self.input_side_packets, self.output_side_packets)
        return any(side is not None for side in sides)


NO_SEVERITIES: Mapping[str, Severity] = {}
NO_DEADLINES: Mapping[ServerPhase, float] = {}
NO_SAMPLES: Mapping[str, tuple[Path, ...]] = {}


class Settings(NamedTuple):
    """What is set; ``None`` and empty mean that nothing is said, so that what lies below or the default counts.

    ``select`` and ``ignore`` hold codes and beginnings of codes (``GV210``, ``GV2``, ``GV``), as the keys of
    ``severity`` do; of several that fit a code the longest counts, and of two equally long ones ``ignore``.
    ``baseline`` is a file of known findings. ``fail_on`` is the lowest severity that fails a run, else the profile's.
    ``deadlines`` are seconds that a phase of a throw-away server may take. ``samples`` are files of requests for single
    graphs, by their names. ``cache`` is the folder where the verdicts of ``check`` are kept, true for the usual one,
    false for none.
    """

    profile: Profile | None = None
    fail_on: Severity | None = None
    ovms_version: str | None = None
    no_models: bool | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    severity: Mapping[str, Severity] = NO_SEVERITIES
    baseline: Path | None = None
    calculators: tuple[DeclaredCalculator, ...] = ()
    deadlines: Mapping[ServerPhase, float] = NO_DEADLINES
    cache: bool | Path | None = None
    samples: Mapping[str, tuple[Path, ...]] = NO_SAMPLES

    @property
    def threshold(self) -> Severity:
        """The lowest severity that fails a run."""
        return self.fail_on or (self.profile or Profile.DEFAULT).fail_on

    @property
    def failing(self) -> frozenset[Severity]:
        """The severities that fail a run."""
        return frozenset(list(Severity)[: list(Severity).index(self.threshold) + 1])

    def over(self, below: Settings) -> Settings:
        """These settings, and what ``below`` says where they say nothing. What is set for single codes, phases
        and calculators adds up."""
        said = {
            name: mine if (mine := getattr(self, name)) is not None else getattr(below, name)
            for name in ("profile", "fail_on", "ovms_version", "no_models", "select", "ignore", "baseline", "cache")
        }
        if self.profile is not None and self.fail_on is None:
            # A profile is a set of defaults; one that is asked for is not undone by what lies below it.
            said["fail_on"] = None
        mine = {calculator.name for calculator in self.calculators}
        return self._replace(
            **said,
            severity={**below.severity, **self.severity},
            deadlines={**below.deadlines, **self.deadlines},
            samples={**below.samples, **self.samples},
            calculators=(*self.calculators, *(c for c in below.calculators if c.name not in mine)),
        )

    def selects(self, code: str) -> bool:
        """Whether findings of this code are reported."""
        asked = 0 if self.select is None else _longest(code, self.select)
        return asked > _longest(code, self.ignore or ())

    def severity_of(self, code: str) -> Severity | None:
        """The severity that is set for a code, if any."""
        length = _longest(code, self.severity)
        return self.severity[code[:length]] if length > 0 else None


def _longest(code: str, beginnings: Iterable[str]) -> int:
    """The length of the longest beginning that fits a code; -1 where none does."""
    return max((len(beginning) for beginning in beginnings if code.startswith(beginning)), default=-1)
