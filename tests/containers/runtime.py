"""A container runtime as tests need it: there, with the image, and left as it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache

import pytest

from .image import build

REQUIRED = os.environ.get("GRAPHVAL_CONTAINERS") == "required"


def image(program: str) -> str:
    """The name of the test's image in this runtime. Skips the test where the runtime cannot be had."""
    reason = _unavailable(program)
    if reason:
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    return _built(program)


@cache
def _built(program: str) -> str:
    return build(program)


@cache
def _unavailable(program: str) -> str:
    if shutil.which(program) is None:
        return f"{program} is not installed"
    asked = subprocess.run([program, "info"], capture_output=True, text=True, timeout=60, check=False)
    return "" if asked.returncode == 0 else f"{program} does not answer: {asked.stderr.strip()}"


def run(program: str, *words: str) -> str:
    """What the runtime answers."""
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60, check=True).stdout


def things(program: str) -> dict[str, set[str]]:
    """All containers, networks and volumes of this runtime that graphval may have made."""
    listings = {
        "containers": ["ps", "--all", "--no-trunc", "--quiet", "--filter", "label=graphval.owner"],
        "networks": ["network", "ls", "--no-trunc", "--quiet", "--filter", "label=graphval.owner"],
        "volumes": ["volume", "ls", "--quiet"],
    }
    return {kind: set(run(program, *words).split()) for kind, words in listings.items()}


def things_of(program: str, process: int) -> list[str]:
    """Containers and networks that a process owns."""
    found = things(program)
    mine = []
    for kind, inspect in (("containers", ["container", "inspect"]), ("networks", ["network", "inspect"])):
        for name in found[kind]:
            told = subprocess.run([program, *inspect, name], capture_output=True, text=True, check=False)
            if told.returncode == 0 and f".{process}." in _owner(json.loads(told.stdout)[0]):
                mine.append(f"{kind} {name}")
    return mine


def _owner(told: dict[str, object]) -> str:
    config = told.get("Config")
    labels = (config or told).get("Labels") or told.get("labels") if isinstance(config or told, dict) else {}  # type: ignore[union-attr]
    return str((labels or {}).get("graphval.owner", ""))  # type: ignore[attr-defined]
