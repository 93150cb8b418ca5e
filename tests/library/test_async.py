"""Runs in an event loop: the same reports, errors where they are awaited, and nothing left behind when cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import graphval
from graphval.asynchronous import in_thread
from graphval.deployment import InputError
from graphval.events import Done, Event, RunStarted

RELAY = Path(__file__).resolve().parents[2] / "graphs" / "good" / "relay"


def test_the_report_is_the_same() -> None:
    async def both() -> tuple[graphval.Report, graphval.Report]:
        return await graphval.lint_async([RELAY]), await graphval.check_async([RELAY], engine="none")

    expected = graphval.lint([RELAY])
    for report in asyncio.run(both()):
        assert (report.verdict, report.findings) == (expected.verdict, expected.findings)


def test_events_come_in_order_and_end_with_done() -> None:
    async def all_of() -> list[Event]:
        return [event async for event in graphval.exercise_async([RELAY], engine="none")]

    events = asyncio.run(all_of())
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], Done)


def test_what_the_run_raises_is_raised_here() -> None:
    with pytest.raises(InputError, match="nowhere"):
        asyncio.run(graphval.check_async(["nowhere"], engine="none"))


def test_the_loop_goes_on_meanwhile() -> None:
    ticked = threading.Event()

    def run() -> Iterator[Event]:
        assert ticked.wait(20)
        yield RunStarted((), "")

    async def tick() -> None:
        ticked.set()

    async def main() -> list[Event]:
        other = asyncio.create_task(tick())
        events = [event async for event in in_thread(run)]
        await other
        return events

    assert len(asyncio.run(main())) == 1


def test_cancelling_closes_the_run_before_it_goes_on() -> None:
    closed = threading.Event()
    go_on = threading.Event()

    def run() -> Iterator[Event]:
        try:
            while True:
                yield RunStarted((), "")
                go_on.wait(0.01)
        finally:
            closed.set()

    async def listen() -> None:
        async for _ in in_thread(run):
            started.set()

    async def main() -> bool:
        task = asyncio.create_task(listen())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return closed.is_set()

    started = asyncio.Event()
    assert asyncio.run(main())


def test_leaving_early_closes_the_run() -> None:
    closed = threading.Event()

    def run() -> Iterator[Event]:
        try:
            for _ in range(1000):
                yield RunStarted((), "")
        finally:
            closed.set()

    async def main() -> None:
        events = in_thread(run)
        await anext(events)
        await events.aclose()

    asyncio.run(main())
    assert closed.is_set()
