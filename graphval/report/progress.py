"""What is going on right now: one line on a terminal, rewritten with every event and gone at the end."""

from __future__ import annotations

from shutil import get_terminal_size
from typing import TextIO

from graphval.events import Done, EngineChosen, EngineStarting, Event, ProbeSent, RunStarted, ServerDied, StageEnded
from graphval.findings import StageStatus
from graphval.report.style import one_line

_ERASE = "\r\x1b[K"


class Progress:
    """Keeps one line of ``terminal`` up to date. Whoever else writes there calls :meth:`clear` before."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._total = 0
        self._begun: dict[str, int] = {}
        self._shown = False

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
            case StageEnded(graph, stage):
                word = {StageStatus.PASS: "ok", StageStatus.FAIL: "FAILED", StageStatus.SKIPPED: "-"}[stage.status]
                self._graph(graph, f"{stage.stage.value} {word}")
            case ProbeSent(graph, probe, number):
                self._graph(graph, f"request {number} ({probe})")
            case ServerDied(graph, how):
                self._show(f"server died under {graph or 'no graph in particular'}: {how}")
            case Done():
                self.clear()
            case _:
                pass

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._terminal.write(_ERASE)
            self._terminal.flush()
            self._shown = False

    def _graph(self, graph: str, what: str) -> None:
        place = self._begun.setdefault(graph, len(self._begun) + 1)
        self._show(f"[{place}/{max(self._total, place)}] {graph}: {what}")

    def _show(self, text: str) -> None:
        room = max(20, get_terminal_size().columns - 1)
        self._terminal.write(_ERASE + one_line(text)[:room])
        self._terminal.flush()
        self._shown = True
