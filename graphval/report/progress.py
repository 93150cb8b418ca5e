"""What is going on right now: one line on a terminal, rewritten with every event and gone at the end.

What takes its time shows how long it has, and of what deadline.
"""

from __future__ import annotations

import threading
from shutil import get_terminal_size
from time import monotonic
from typing import TextIO

from graphval.events import (
    Done,
    EngineChosen,
    EngineStarting,
    Event,
    PhaseBegan,
    ProbeSent,
    RunStarted,
    ServerDied,
    StageEnded,
    VerdictCached,
)
from graphval.findings import StageStatus
from graphval.report.age import cached_words
from graphval.report.style import one_line

_ERASE = "\r\x1b[K"
_SECOND = 1.0


class Progress:
    """Keeps one line of ``terminal`` up to date. Whoever else writes there calls :meth:`clear` before.

    ``pause``: seconds between two looks at the clock.
    """

    def __init__(self, terminal: TextIO, pause: float = _SECOND) -> None:
        self._terminal = terminal
        self._pause = pause
        self._total = 0
        self._begun: dict[str, int] = {}
        self._shown = False
        self._lock = threading.Lock()
        self._over = threading.Event()

    def handle(self, event: Event) -> None:
        """Show what this event says is going on."""
        match event:
            case RunStarted(graphs):
                self._total = len(graphs)
                self._show(f"{self._total} graph{'' if self._total == 1 else 's'}")
            case EngineChosen(engine):
                self._show(f"engine {engine}")
            case EngineStarting(deployment, attempt):
                self._show(f"starting a server for {deployment}" + (f" again ({attempt})" if attempt > 1 else ""))
            case PhaseBegan(deployment, phase, deadline):
                self._show(f"{deployment}: {phase}" if deployment is not None else str(phase), deadline)
            case StageEnded(graph, stage):
                word = {StageStatus.PASS: "ok", StageStatus.FAIL: "FAILED", StageStatus.SKIPPED: "-"}[stage.status]
                self._graph(graph, f"{stage.stage.value} {word}")
            case ProbeSent(graph, probe, number, deadline):
                self._graph(graph, f"request {number} ({probe})", deadline)
            case ServerDied(graph, how):
                self._show(f"server died under {graph or 'no graph in particular'}: {how}")
            case VerdictCached(cached):
                self._show(f"{cached.deployment}: {cached_words([cached])}")
            case Done():
                self.clear()
            case _:
                pass

    def clear(self) -> None:
        """Take the line away."""
        self._over.set()
        with self._lock:
            if self._shown:
                self._terminal.write(_ERASE)
                self._terminal.flush()
                self._shown = False

    def _graph(self, graph: str, what: str, deadline: float | None = None) -> None:
        place = self._begun.setdefault(graph, len(self._begun) + 1)
        self._show(f"[{place}/{max(self._total, place)}] {graph}: {what}", deadline)

    def _show(self, text: str, deadline: float | None = None) -> None:
        self._over.set()
        with self._lock:
            self._write(text)
        if deadline is not None:
            self._over = over = threading.Event()
            threading.Thread(target=self._count, args=(text, deadline, over), daemon=True).start()

    def _count(self, text: str, deadline: float, over: threading.Event) -> None:
        """Say how long it has been going on, until it is ``over``."""
        began = monotonic()
        while not over.wait(self._pause):
            with self._lock:
                if not over.is_set():
                    self._write(text, f", {monotonic() - began:.0f} s of {deadline:g} s")

    def _write(self, text: str, behind: str = "") -> None:
        room = max(20, get_terminal_size().columns - 1)
        self._terminal.write(_ERASE + one_line(text)[: room - len(behind)] + behind)
        self._terminal.flush()
        self._shown = True
