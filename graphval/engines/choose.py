"""From the name of an engine to the engine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TypeAlias

from graphval.deadlines import USUAL, ServerPhase
from graphval.engines.interface import Engine, EngineError, UnknownEngine
from graphval.engines.options import EngineOptions, Pull
from graphval.events import ASKED_FOR

AUTO, NONE = "auto", "none"
REPOSITORY = "openvino/model_server"
_CONTAINERS = ("docker", "podman")


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine and why it is this one."""

    engine: Engine
    reason: str


Choosing: TypeAlias = Generator[ServerPhase, None, Engine]
"""An engine on its way; what takes its time (an image is fetched) is told as it begins."""


def installed(module: str) -> bool:
    """Whether a module is at hand, without importing it."""
    return sys.modules.get(module) is not None or find_spec(module) is not None


def _rehearsal(options: EngineOptions) -> Engine:
    missing = [module for module in ("mediapipe", "openvino", "grpc") if not installed(module)]
    if missing:
        raise EngineError(
            f"the rehearsal needs {', '.join(missing)}; "
            "install graphval with the extra: pip install 'graphval[rehearsal]'"
        )
    from graphval.engines.rehearsal import RehearsalEngine

    return RehearsalEngine(options)


def _binary(options: EngineOptions) -> Engine:
    from graphval.engines.binary import BinaryEngine, find_binary

    return BinaryEngine(find_binary(options.binary), options)


def _remote(options: EngineOptions) -> Engine:
    from graphval.engines.remote import RemoteEngine

    return RemoteEngine(options)


def _container(program: str) -> Callable[[EngineOptions, str, float], Choosing]:
    def make(options: EngineOptions, release: str, pull: float) -> Choosing:
        from graphval.engines.container import ContainerEngine, obtain_image
        from graphval.engines.runtime import ContainerRuntime

        runtime = ContainerRuntime(program)
        if not runtime.present():
            raise EngineError(f"{program} is not installed, or not on the PATH")
        image = yield from obtain_image(runtime, image_names(options, release), options, pull)
        return ContainerEngine(runtime, image, options)

    return make


def _at_once(make: Callable[[EngineOptions], Engine]) -> Callable[[EngineOptions, str, float], Choosing]:
    """Of an engine that is here or is not."""

    def made(options: EngineOptions, _release: str, _pull: float) -> Choosing:
        yield from ()
        return make(options)

    return made


ENGINES: Mapping[str, Callable[[EngineOptions, str, float], Choosing]] = {
    "docker": _container("docker"),
    "podman": _container("podman"),
    "nerdctl": _container("nerdctl"),
    "binary": _at_once(_binary),
    "remote": _at_once(_remote),
    "rehearsal": _at_once(_rehearsal),
}
"""Every engine by name, with options, release and what a pull may take, in seconds. A new one is a file of its own and
a line here."""


_SAYS_WHICH = {"image": (*_CONTAINERS, "nerdctl"), "binary": ("binary",), "address": ("remote",)}
"""Options that say what serves, and the engines that do."""


def image_names(options: EngineOptions, release: str) -> tuple[str, ...]:
    """The images to look for, the best first: the one asked for, or those of the release that is judged by."""
    if options.image is not None:
        return (options.image,)
    return (f"{REPOSITORY}:{release}", f"{REPOSITORY}:latest-py", f"{REPOSITORY}:latest")


def choose(name: str = AUTO, options: EngineOptions | None = None, release: str = "latest") -> Choice:
    """The engine of that name, or with ``auto`` the first that can be had without fetching anything.

    Raises :class:`EngineError` with what is to be done if it lacks what it needs, :class:`UnknownEngine` if there is
    none of that name.
    """
    steps = choosing(name, options, release, USUAL[ServerPhase.PULL])
    while True:
        try:
            next(steps)
        except StopIteration as end:
            choice: Choice = end.value
            return choice


def choosing(
    name: str, options: EngineOptions | None, release: str, pull: float
) -> Generator[ServerPhase, None, Choice]:
    """:func:`choose`, telling what takes its time as it begins. ``pull``: seconds that fetching an image may take."""
    options = options or EngineOptions()
    if name == AUTO and options.address is not None:
        return Choice(_remote(options), "an address is given")
    if name == AUTO:
        return (yield from _first(options, release, pull))
    make = ENGINES.get(name)
    if make is None:
        raise UnknownEngine(_unknown(name))
    for said, engines in _SAYS_WHICH.items():
        if getattr(options, said) is not None and name not in engines:
            raise UnknownEngine(f"--{said} is for the engine {' or '.join(engines)}, and {name} is asked for")
    return Choice((yield from make(options, release, pull)), ASKED_FOR)


def _unknown(name: str) -> str:
    from graphval.textproto.nearest import nearest  # only where somebody mistyped

    known = (AUTO, NONE, *ENGINES)
    meant = nearest(name, known, 0.6)
    advice = f"did you mean {meant}?" if meant else f"available: {', '.join(known)}"
    return f'engine "{name}" is unknown; {advice}'


def _first(options: EngineOptions, release: str, pull: float) -> Generator[ServerPhase, None, Choice]:
    """A container if the image is here, else OVMS's executable, else the rehearsal; what was named must be had."""
    obstacles: list[str] = []
    named = options.image is not None or options.binary is not None
    wanted = [*(_CONTAINERS if options.binary is None else ()), *(["binary"] if options.image is None else [])]
    quiet = options if options.image is not None else replace(options, pull=Pull.NEVER)
    for name in wanted:
        try:
            engine = yield from ENGINES[name](quiet, release, pull)
        except EngineError as error:
            obstacles.append(f"{name}: {error}")
        else:
            what = {"binary": "this executable is here"}.get(name, f"image {engine.image} is here")
            return Choice(engine, "; ".join([what, *obstacles]))
    if named:
        raise EngineError("; ".join(obstacles))
    return Choice(_rehearsal(options), "; ".join(["the embedded engine, since there is no other", *obstacles]))
