"""What runs that were killed left behind: found by labels, marks and names that carry the owner, and removed.

Nothing else is touched, and nothing of a run that still lives.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphval.engines.container_words import DEADLINE_LABEL, OWNER_LABEL
from graphval.engines.marks import end_abandoned
from graphval.engines.owner import parse
from graphval.engines.runtime import PROGRAMS, ContainerRuntime, RuntimeFailure
from graphval.engines.workspace import remove_abandoned

_ATTEMPTS, _PAUSE, _LONG = 5, 0.2, 30.0

_made: dict[str, ContainerRuntime] = {}
"""By name, what this process has made and not yet removed; a process forked from it has made nothing."""
os.register_at_fork(after_in_child=_made.clear)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each were removed."""

    containers: int = 0
    networks: int = 0
    processes: int = 0
    folders: int = 0

    @property
    def total(self) -> int:
        return self.containers + self.networks + self.processes + self.folders

    def __add__(self, other: Swept) -> Swept:
        return Swept(
            self.containers + other.containers,
            self.networks + other.networks,
            self.processes + other.processes,
            self.folders + other.folders,
        )

    def __str__(self) -> str:
        counted = (
            (self.containers, "container", "containers"),
            (self.networks, "network", "networks"),
            (self.processes, "process", "processes"),
            (self.folders, "temporary folder", "temporary folders"),
        )
        return ", ".join(f"{count} {one if count == 1 else more}" for count, one, more in counted if count)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was removed everywhere, and the runtimes that could not be asked, each with what to do."""

    swept: Swept
    obstacles: tuple[str, ...]


def sweep(runtime: ContainerRuntime | None = None) -> Swept:
    """Remove what runs left whose owner is gone. Raises :class:`RuntimeFailure` if the runtime cannot be asked."""
    containers = networks = 0
    if runtime is not None:
        for found in _abandoned(runtime, "container"):
            _remove(runtime, "container", found, _LONG)
            containers += 1
        for found in _abandoned(runtime, "network"):
            _remove(runtime, "network", found, _LONG)
            networks += 1
    return Swept(containers, networks, end_abandoned(), remove_abandoned())


def clean() -> Cleaned:
    """:func:`sweep` on every runtime of this machine."""
    swept, obstacles = sweep(), []
    for program in PROGRAMS:
        runtime = ContainerRuntime(program)
        if runtime.present():
            try:
                swept += sweep(runtime)
            except RuntimeFailure as failure:
                obstacles.append(f"{program}: {failure}")
    return Cleaned(swept, tuple(obstacles))


def remember(runtime: ContainerRuntime, name: str) -> None:
    """A container is about to be made: it is removed at the end of this process unless it was before. Whoever is told
    twice to stop may be told the second time just where it would have been removed."""
    _made[name] = runtime


@atexit.register
def _remove_made() -> None:
    for name, runtime in tuple(_made.items()):
        remove(runtime, name, _LONG)


def remove(runtime: ContainerRuntime, name: str, seconds: float) -> None:
    """Remove a container of ours and its network, if they are there, also if we are interrupted meanwhile."""
    try:
        _remove(runtime, "container", name, seconds)
    except (KeyboardInterrupt, SystemExit):
        _remove(runtime, "container", name, seconds)  # nobody knows whether the first attempt had begun
        raise
    finally:
        _remove(runtime, "network", name, seconds)
    _made.pop(name, None)


def _remove(runtime: ContainerRuntime, kind: str, name: str, seconds: float) -> None:
    words = ["rm", "--force", "--volumes", name] if kind == "container" else ["network", "rm", name]
    for attempt in range(_ATTEMPTS):
        try:
            runtime.run(words, seconds)
        except RuntimeFailure as failure:
            if _is_gone(failure):
                return
            if attempt + 1 == _ATTEMPTS:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _is_gone(failure: RuntimeFailure) -> bool:
    return re.search(r"no such|not found|no container with|unable to find", failure.said, re.IGNORECASE) is not None


def _abandoned(runtime: ContainerRuntime, kind: str) -> Iterator[str]:
    listing = ["ps", "--all"] if kind == "container" else ["network", "ls"]
    ids = runtime.run([*listing, "--quiet", "--filter", f"label={OWNER_LABEL}"]).split()
    for found in ids:
        try:
            (told,) = json.loads(runtime.run([kind, "inspect", found]))
        except RuntimeFailure:
            # Somebody else has removed it meanwhile.
            continue
        if _is_abandoned(_labels(told)):
            yield found


def _labels(told: dict[str, Any]) -> dict[str, str]:
    config = told.get("Config") or {}
    labels: dict[str, str] = config.get("Labels") or told.get("Labels") or told.get("labels") or {}
    return labels


def _is_abandoned(labels: dict[str, str]) -> bool:
    owner = parse(labels.get(OWNER_LABEL, ""))
    if owner is None:
        return False
    deadline = labels.get(DEADLINE_LABEL, "")
    return owner.gone or (not owner.here and deadline.isdecimal() and int(deadline) < time.time())
