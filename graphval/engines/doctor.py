"""What is at hand on this machine, and what ``check`` would make of it. Looks, and starts nothing."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib import metadata

from graphval.engines.choose import AUTO, choose, installed
from graphval.engines.interface import EngineError

_MODULES = (
    ("mediapipe", "mediapipe", "creates and runs graphs in the rehearsal"),
    ("openvino", "openvino", "reads and runs models"),
    ("openvino_genai", "openvino-genai", "loads generative models in the rehearsal"),
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
class Diagnosis:
    """``engine`` is what ``check`` would use (``None``: nothing), ``reason`` why, or what is to be done."""

    items: tuple[Item, ...]
    engine: str | None
    reason: str


def examine() -> Diagnosis:
    """Look at this machine."""
    items = [Item("python", "runs graphval", ".".join(map(str, sys.version_info[:3])))]
    items += [Item(name, purpose, _version(module, name)) for module, name, purpose in _MODULES]
    items += [Item(name, purpose, shutil.which(name) or "") for name, purpose in _PROGRAMS]
    try:
        chosen = choose(AUTO)
    except EngineError as error:
        return Diagnosis(tuple(items), None, str(error))
    return Diagnosis(tuple(items), chosen.engine.name, chosen.reason)


def _version(module: str, distribution: str) -> str:
    if not installed(module):
        return ""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "present"
