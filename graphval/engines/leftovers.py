"""What runs that were killed left behind: found by labels, marks and names that carry the owner, and removed.

Nothing else is touched, and nothing of a run that still lives.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphval.engines.container_words import DEADLINE_LABEL, OWNER_LABEL
from graphval.engines.marks import end_abandoned
from graphval.engines.owner import parse
from graphval.engines.runtime import ContainerRuntime, RuntimeFailure
from graphval.engines.workspace import remove_abandoned

_ATTEMPTS, _PAUSE = 5, 0.2


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


def sweep(runtime: ContainerRuntime | None = None) -> Swept:
    """Remove what runs left whose owner is gone. Raises :class:`RuntimeFailure` if the runtime cannot be asked."""
    containers = networks = 0
    if runtime is not None:
        for kind, ids in (("container", _abandoned(runtime, "container")), ("network", _abandoned(runtime, "network"))):
            for found in ids:
                _remove(runtime, kind, found, 30.0)
                containers += kind == "container"
                networks += kind == "network"
    return Swept(containers, networks, end_abandoned(), remove_abandoned())


def remove(runtime: ContainerRuntime, name: str, seconds: float) -> None:
    """Remove a container of ours and its network, if they are there."""
    _remove(runtime, "container", name, seconds)
    _remove(runtime, "network", name, seconds)


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
