"""The one abstract thing every engine is.

Errors: :class:`EngineError` where a server cannot be obtained at all (not installed, no free port), and its
:class:`UnknownEngine` where nobody could know which one is meant. A server that starts and then refuses, hangs or dies
is no error but a result, told by :attr:`Server.loaded` and :meth:`Server.exit`.
"""

from __future__ import annotations

import signal
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TypeAlias

from graphval.deadlines import USUAL, ServerPhase
from graphval.deployment.model import Deployment
from graphval.engines.readable import Reader

if TYPE_CHECKING:
    from graphval.engines.tls import Tls


class EngineError(Exception):
    """The engine could not be obtained or was lost; the run is inconclusive. The text says what to do next."""


class UnknownEngine(EngineError):
    """No engine has this name, or what else is asked for is another engine's: a mistake of the caller, not of the
    machine."""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a server process ended.

    ``code`` is the exit code as a shell would show it (128 + signal number), ``signal`` the signal's name if one ended
    it (``SIGABRT``). ``limit`` names the limit of ours that ended it (``memory``, ``cpu time``), empty for none: what
    the limit hit is then no fault of a graph.
    """

    code: int
    signal: str | None = None
    limit: str = ""

    def __str__(self) -> str:
        if self.limit:
            return f"{self.limit} limit (exit code {self.code})"
        return f"{self.signal} (exit code {self.code})" if self.signal else f"exit code {self.code}"


def exit_of(code: int) -> Exit:
    """How a process ended, from an exit code as a shell shows it."""
    number = code - 128
    if number <= 0:
        return Exit(code)
    try:
        return Exit(code, signal.Signals(number).name)
    except ValueError:
        return Exit(code, f"signal {number}") if number < signal.NSIG else Exit(code)


@dataclass(frozen=True, slots=True)
class Launch:
    """What to start: a deployment, without the graphs that already ended a server."""

    deployment: Deployment
    without: frozenset[str] = frozenset()
    environment: dict[str, str] = field(default_factory=dict)
    log_level: str = "DEBUG"


@dataclass(frozen=True, slots=True)
class Limits:
    """Deadlines of the phases in seconds, and resources of a throw-away server. ``cpus`` 0: as many as there are."""

    load: float = USUAL[ServerPhase.LOAD]
    stop: float = USUAL[ServerPhase.STOP]
    memory_mib: int = 8192
    cpu_seconds: int = 600
    cpus: float = 0.0
    processes: int = 4096
    create: float = USUAL[ServerPhase.CREATE]
    pull: float = USUAL[ServerPhase.PULL]
    listen: float = USUAL[ServerPhase.LISTEN]

    def with_deadlines(self, deadlines: Mapping[ServerPhase, float]) -> Limits:
        """The same with other deadlines; a probe's is its sender's and left out."""
        said = {phase.value: seconds for phase, seconds in deadlines.items() if phase is not ServerPhase.PROBE}
        return replace(self, **said)  # type: ignore[arg-type]

    def of(self, phase: ServerPhase) -> float:
        """The deadline of a phase but a probe's."""
        seconds: float = getattr(self, phase.value)
        return seconds


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes that a server wrote to each of its streams."""

    stdout: int
    stderr: int


class Server(Protocol):
    """A server that was started. Addresses are ``host:port`` on loopback."""

    @property
    def grpc(self) -> str: ...

    @property
    def rest(self) -> str | None: ...

    @property
    def loaded(self) -> bool:
        """Whether the first load procedure came to its end; if not, the process died or the deadline passed."""

    @property
    def tls(self) -> Tls | None:
        """How it is to be connected to; ``None``: in plain text."""

    def exit(self) -> Exit | None:
        """How the process ended, or ``None`` while it lives."""

    def wait(self, seconds: float) -> Exit | None:
        """Like :meth:`exit`, after waiting up to so many seconds: a connection breaks before a process is gone."""

    @property
    def written(self) -> Written:
        """How much the server wrote so far, to ask later for what came after it."""

    def stdout(self, since: int = 0) -> str:
        """Everything the server wrote to stdout after ``since`` bytes; the middle of a very long log is left out."""

    def stderr(self, since: int = 0) -> str:
        """Everything the server wrote to stderr after ``since`` bytes; the middle of a very long log is left out."""


class Engine(Protocol):
    """A way to obtain servers. ``name`` is one of the report contract's engine names. ``is_ovms``: its servers are OVMS
    itself, so that what they show outweighs what files suggest."""

    @property
    def name(self) -> str: ...

    @property
    def image(self) -> str | None: ...

    @property
    def build(self) -> str | None:
        """What tells the program it starts from any other: a digest, or a path with size and time; ``None`` where a
        release says all."""

    @property
    def is_ovms(self) -> bool: ...

    @property
    def reader(self) -> Reader | None:
        """The user as whom its servers read files, where that is another than ours."""

    def start(self, launch: Launch, limits: Limits) -> Starting:
        """Start a server and wait until its first load procedure has ended, its process has, or a deadline passed.

        Leaving the context ends the process and removes what was made for it, whatever happened inside.
        Raises :class:`EngineError` if no server could be started.
        """


Steps: TypeAlias = Generator["ServerPhase | Server", None, None]
"""How an engine starts a server: each phase as it begins, then the server, whose end is after that."""


class Starting:
    """A server on its way. As a context it is the server, once it has come through its phases.

    Whoever wants to know how far it is pushes this on an ``ExitStack``, goes through :meth:`phases` and then takes
    :attr:`server`.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._server: Server | None = None

    def phases(self) -> Iterator[ServerPhase]:
        """Each phase as it begins, until the server is there."""
        for step in self._steps:
            if not isinstance(step, ServerPhase):
                self._server = step
                return
            yield step

    @property
    def server(self) -> Server:
        assert self._server is not None, "it has not come through its phases"
        return self._server

    def __enter__(self) -> Server:
        for _ in self.phases():
            pass
        return self.server

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            next(self._steps, None)
            return
        try:
            self._steps.throw(error)
        except BaseException as raised:
            # The error itself goes on by itself.
            if raised is not error:
                raise
