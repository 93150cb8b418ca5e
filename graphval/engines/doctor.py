"""What is at hand on this machine, and what ``check`` would make of it. Looks, and starts and fetches nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import metadata

from graphval.engines.choose import AUTO, ENGINES, choose, installed
from graphval.engines.interface import EngineError
from graphval.engines.options import EngineOptions, Pull
from graphval.engines.runtime import PROGRAMS, ContainerRuntime, RuntimeFailure

_MODULES = (
    ("mediapipe", "mediapipe", "creates and runs graphs in the rehearsal"),
    ("openvino", "openvino", "reads and runs models"),
    ("openvino_genai", "openvino-genai", "loads generative models in the rehearsal"),
    ("miniaudio", "miniaudio", "reads sounds in the rehearsal"),
    ("grpc", "grpcio", "sends requests"),
    ("numpy", "numpy", "moves tensors in the rehearsal"),
)
_PROGRAMS = (
    ("docker", "container runtime"),
    ("podman", "container runtime"),
    ("ovms", "OpenVINO Model Server itself"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked for. ``found`` is its version or path, empty if it is not there."""

    name: str
    purpose: str
    found: str

    @property
    def present(self) -> bool:
        return bool(self.found)


@dataclass(frozen=True, slots=True)
class State:
    """Whether an engine can be had now, and what it would be, or what is in the way and what to do about it."""

    engine: str
    usable: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``engine`` is what ``check`` would use (``None``: nothing), ``reason`` why, or what is to be done."""

    items: tuple[Item, ...]
    states: tuple[State, ...]
    engine: str | None
    reason: str


def examine(options: EngineOptions | None = None, release: str = "latest") -> Diagnosis:
    """Look at this machine."""
    options = replace(options or EngineOptions(), pull=Pull.NEVER)
    items = [Item("python", "runs graphval", ".".join(map(str, sys.version_info[:3])))]
    items += [Item(name, purpose, _version(module, name)) for module, name, purpose in _MODULES]
    items += [Item(name, purpose, shutil.which(name) or "") for name, purpose in _PROGRAMS]
    states = tuple(_states(options, release))
    try:
        chosen = choose(AUTO, options, release)
    except EngineError as error:
        return Diagnosis(tuple(items), states, None, str(error))
    return Diagnosis(tuple(items), states, chosen.engine.name, chosen.reason)


def _states(options: EngineOptions, release: str) -> Iterator[State]:
    for name in ENGINES:
        if name == "remote" or (name == "nerdctl" and shutil.which(name) is None):
            # The one is nowhere on this machine; the other few have, and nobody misses it.
            continue
        try:
            engine = choose(name, options, release).engine
            detail = _confinement(name) if name in PROGRAMS else ""
        except EngineError as error:
            yield State(name, False, str(error))
        else:
            yield State(name, True, "; ".join(part for part in (engine.image, detail) if part) or "ready")


def _confinement(program: str) -> str:
    """How well the runtime can keep a server to itself."""
    try:
        found = ContainerRuntime(program).confinement()
    except RuntimeFailure as failure:
        return str(failure)
    network = (
        "rootless: servers are published on loopback, and their way to other machines is not cut"
        if found.rootless
        else "servers reach this machine only"
    )
    if not found.unlimited:
        return network
    return (
        f"{network}; limits on {' and '.join(found.unlimited)} are not in force, for {program} has no cgroups of its "
        "own: a rootless one needs cgroup v2 with delegated controllers"
    )


def _version(module: str, distribution: str) -> str:
    if not installed(module):
        return ""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "present"
