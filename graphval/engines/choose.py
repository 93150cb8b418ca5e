"""From the name of an engine to the engine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from graphval.engines.interface import Engine, EngineError, UnknownEngine

AUTO, NONE = "auto", "none"
PLANNED = ("docker", "podman", "binary", "remote")
"""Names of the report contract that this release cannot serve yet."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine and why it is this one."""

    engine: Engine
    reason: str


def installed(module: str) -> bool:
    """Whether a module is at hand, without importing it."""
    return sys.modules.get(module) is not None or find_spec(module) is not None


def _rehearsal() -> Engine:
    missing = [module for module in ("mediapipe", "openvino", "grpc") if not installed(module)]
    if missing:
        raise EngineError(
            f"the rehearsal needs {', '.join(missing)}; "
            "install graphval with the extra: pip install 'graphval[rehearsal]'"
        )
    from graphval.engines.rehearsal import RehearsalEngine

    return RehearsalEngine()


ENGINES: Mapping[str, Callable[[], Engine]] = {"rehearsal": _rehearsal}
"""Every engine of this release by name. A new one is a file of its own and a line here."""


def choose(name: str = AUTO) -> Choice:
    """The engine of that name, or with ``auto`` the first that can be had.

    Raises :class:`EngineError` with what can be had if it is not built yet or lacks what it needs,
    :class:`UnknownEngine` if there is none of that name.
    """
    if name == AUTO:
        return Choice(_rehearsal(), "the embedded engine; no other is part of this release")
    make = ENGINES.get(name)
    if make is None:
        available = f"available: {', '.join((AUTO, NONE, *ENGINES))}"
        if name in PLANNED:
            raise EngineError(f'engine "{name}" is not available yet; {available}')
        raise UnknownEngine(f'engine "{name}" is unknown; {available}')
    return Choice(make(), "asked for")
