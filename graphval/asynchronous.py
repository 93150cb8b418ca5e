"""Runs for programs with an event loop: the same run in a thread of its own, its events handed over one by one.

A run blocks on processes and sockets, so it is given a thread, not rewritten. A task that is cancelled, or that stops
listening, ends the run after the event it is at: the thread closes the run, which ends every server it has started, and
only then does the cancellation go on.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from graphval.events import Event

_Told: TypeAlias = "Event | BaseException | None"


async def in_thread(start: Callable[[], Iterator[Event]]) -> AsyncGenerator[Event, None]:
    """The events of the run that ``start`` starts. Whatever the run raises is raised here."""
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[_Told] = asyncio.Queue()
    ended = asyncio.Event()
    stop = threading.Event()

    def tell(what: _Told) -> None:
        loop.call_soon_threadsafe(told.put_nowait, what)

    def work() -> None:
        try:
            events = start()
            try:
                for event in events:
                    if stop.is_set():
                        break
                    tell(event)
            finally:
                if isinstance(events, Generator):
                    events.close()
            tell(None)
        except BaseException as why:  # noqa: BLE001 - raised again where the events are awaited
            tell(why)
        finally:
            loop.call_soon_threadsafe(ended.set)

    # No daemon: an interpreter that ends waits until every server has been ended.
    threading.Thread(target=work, name="graphval").start()
    try:
        while (what := await told.get()) is not None:
            if isinstance(what, BaseException):
                raise what
            yield what
    finally:
        stop.set()
        await _through_cancellation(ended)


async def _through_cancellation(ended: asyncio.Event) -> None:
    """Wait for the thread; a cancellation on the way is passed on afterwards."""
    cancelled: asyncio.CancelledError | None = None
    while not ended.is_set():
        try:
            await asyncio.shield(ended.wait())
        except asyncio.CancelledError as why:
            cancelled = why
    if cancelled is not None:
        raise cancelled
