"""Findings, graphs and reports as the renderers get them, with everything unsaid at its most ordinary."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from graphval.events import Done, Event
from graphval.findings import (
    STAGES,
    By,
    Effect,
    Finding,
    GraphReport,
    Phase,
    Report,
    Rung,
    Severity,
    Span,
    Stage,
    StageStatus,
    Target,
)
from graphval.report.text import TextReport
from graphval.run.verdict import reached, report

OK, FAILED, SKIPPED = StageStatus.PASS, StageStatus.FAIL, StageStatus.SKIPPED
STATIC = Target("2026.4")
REHEARSED = Target("2026.4", "rehearsal")


def finding(location: Span, **other: Any) -> Finding:
    """An error that every server meets at load, unless ``other`` says more."""
    plain = Finding(
        code="GV210",
        name="stream-without-producer",
        severity=Severity.ERROR,
        phase=Phase.LOAD,
        effect=Effect.REJECT,
        graph="chat",
        message='nobody produces the stream "inn"',
        location=location,
    )
    return plain._replace(**other)


def stages(*status: StageStatus, by: By = By.STATIC) -> tuple[Stage, ...]:
    """The four rungs."""
    return tuple(Stage(rung, one, by, 0.0) for rung, one in zip(STAGES, status, strict=True))


def graph(file: Path | str, verdict: Any, *status: StageStatus, name: str = "chat", **other: Any) -> GraphReport:
    rungs = stages(*(status or (OK, OK, SKIPPED, SKIPPED)))
    return GraphReport(name, str(file), verdict, reached(rungs), rungs, **other)


def done(*graphs: GraphReport, findings: tuple[Finding, ...] = (), target: Target = STATIC) -> Done:
    return Done(report(graphs, findings, target))


def text_of(*events: Event, **how: Any) -> str:
    """What the text report writes for these events."""
    stream = io.StringIO()
    shown = TextReport(stream, **how)
    for event in events:
        shown.handle(event)
    return stream.getvalue()


def last_line(of: Done) -> str:
    return text_of(of).splitlines()[-1]


__all__ = [
    "FAILED",
    "OK",
    "REHEARSED",
    "SKIPPED",
    "STATIC",
    "Report",
    "Rung",
    "done",
    "finding",
    "graph",
    "last_line",
    "stages",
    "text_of",
]
