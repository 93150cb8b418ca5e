"""The servers of one exercise: each is started, used and ended, and the phases of its life are told."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import TypeVar

from graphval.deadlines import ServerPhase
from graphval.diagnosis.load import Ending
from graphval.engines.interface import Engine, EngineError, Launch, Limits, Server, Starting
from graphval.engines.process import LISTENING
from graphval.events import EngineStarting, Event, PhaseBegan, PhaseEnded
from graphval.probe.client import KServeClient
from graphval.probe.exercise import Ways
from graphval.probe.http import Rest, RestClient
from graphval.probe.readiness import answers_at_all

Result = TypeVar("Result")

_FROM_OUTSIDE = frozenset({"SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"})
"""Signals that somebody sends; a process that fails raises others."""


class EndedFromOutside(EngineError):
    """Somebody else has ended a server, or so it looks. ``loading``: the graph that it was loading, where it was."""

    def __init__(self, text: str, loading: str | None = None) -> None:
        super().__init__(text)
        self.loading = loading


class Servers:
    """Starts servers of an engine for one deployment. ``deployment`` is its display name."""

    def __init__(self, engine: Engine, limits: Limits, deployment: str) -> None:
        self._engine = engine
        self._limits = limits
        self._deployment = deployment
        self._starts = 0

    def one(
        self, launch: Launch, use: Callable[[Server], Generator[Event, None, Result]]
    ) -> Generator[Event, None, Result]:
        """Start a server, use it and end it, whatever happens meanwhile. Raises :class:`EngineError`."""
        self._starts += 1
        yield EngineStarting(self._deployment, self._starts)
        with ExitStack() as stack:
            starting = self._engine.start(launch, self._limits)
            stack.push(starting)
            yield from self._phases(starting)
            result = yield from use(starting.server)
            yield PhaseBegan(self._deployment, ServerPhase.STOP, self._limits.stop)
            began = monotonic()
        yield PhaseEnded(self._deployment, ServerPhase.STOP, monotonic() - began, self._limits.stop)
        return result

    def _phases(self, starting: Starting) -> Iterator[Event]:
        ended: Callable[[], PhaseEnded] | None = None
        for phase in starting.phases():
            if ended is not None:
                yield ended()
            ended = self._clock(phase)
            yield PhaseBegan(self._deployment, phase, self._limits.of(phase))
        if ended is not None:
            yield ended()

    def _clock(self, phase: ServerPhase) -> Callable[[], PhaseEnded]:
        began, deadline = monotonic(), self._limits.of(phase)
        return lambda: PhaseEnded(self._deployment, phase, monotonic() - began, deadline)


def ending_of(server: Server, seconds: float) -> Ending:
    """How a server stands, after waiting so many seconds for its end.

    Raises :class:`EndedFromOutside` where it ended by a signal that processes do not raise by themselves, or in good
    order (exit code 0), as OVMS ends when it is told to.
    """
    end = server.wait(seconds) if seconds else server.exit()
    if end is None:
        return Ending()
    if not end.limit and (end.code == 0 or end.signal in _FROM_OUTSIDE):
        raise EndedFromOutside(f"the server was ended from outside ({end})")
    return Ending(str(end), end.signal is not None, end.limit)


def rest_of(server: Server, key: str) -> Rest | None:
    """The way to a server's REST port."""
    return Rest(server.rest, server.tls, key) if server.rest is not None else None


@contextmanager
def ways_to(server: Server, key: str) -> Iterator[Ways]:
    """The connections to a server, closed when the context is left."""
    way = rest_of(server, key)
    with ExitStack() as stack:
        grpc = stack.enter_context(KServeClient(server.grpc, server.tls))
        yield Ways(grpc, stack.enter_context(RestClient(way)) if way is not None else None)


def must_be_loading(server: Server, limits: Limits, seconds: float) -> None:
    """That a server which lives and has not loaded is busy loading, so that what it loads is to blame.

    Raises :class:`EngineError` where it has not begun to, or no longer answers at all: a machine or a person has
    stopped it, and no graph. ``seconds``: what an answer may take.
    """
    if LISTENING.decode() not in server.stdout():
        raise EngineError(
            f"the server did not open its ports within {limits.listen:g} s; give it longer (--deadline listen=SECONDS)"
        )
    with KServeClient(server.grpc, server.tls) as client:
        if not answers_at_all(client, rest_of(server, ""), seconds):
            raise EngineError("the server stopped answering while it loaded")
