"""Reports that need the whole run: nothing is written before it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from graphval.events import Done, Event
from graphval.findings import Report


class WhenDone:
    """Writes what ``render`` makes of the report to ``stream`` when the run is done."""

    def __init__(self, stream: TextIO, render: Callable[[Report], str]) -> None:
        self._stream = stream
        self._render = render

    def handle(self, event: Event) -> None:
        """Write the report if this event brings it."""
        if isinstance(event, Done):
            self._stream.write(self._render(event.report))
            self._stream.flush()
