"""The report for people: findings like a good compiler's, one line for each graph, and the verdict as the last line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from graphval.events import (
    Done,
    EngineChosen,
    EngineStarting,
    Event,
    FindingMade,
    PhaseEnded,
    ProbeSent,
    ServerDied,
    VerdictCached,
)
from graphval.findings import Effect, Finding, GraphReport, Phase, Report, Severity, Stage, StageStatus, Verdict
from graphval.report.age import cached_words
from graphval.report.excerpt import Row, Sources, excerpt
from graphval.report.style import Paint, one_line
from graphval.report.verdict_line import verdict_line
from graphval.report.words import then, when

_PHASE_OF_STAGE = {"parse": Phase.PARSE, "load": Phase.LOAD, "create": Phase.CREATE, "serve": Phase.SERVE}
_NAME_COLUMNS = 40
_SEEN_COLUMNS = 200


class TextReport:
    """Writes a run to ``stream`` as its events arrive.

    ``detail``: -1 findings and the last line only, 0 the rungs of each graph too, 1 also what the engine did and all
    evidence. ``width`` is the room for one line of source.
    """

    def __init__(self, stream: TextIO, *, color: bool = False, detail: int = 0, width: int = 120) -> None:
        self._stream = stream
        self._paint = Paint(on=color)
        self._detail = detail
        self._width = width
        self._sources = Sources()
        self._shown: set[tuple[str, object, str]] = set()

    def handle(self, event: Event) -> None:
        """Write what this event adds to the report."""
        match event:
            case FindingMade(finding):
                self._finding(finding)
            case ServerDied(graph, how):
                self._remark(f"server died under {graph or 'no graph in particular'}: {how}")
            case EngineChosen(engine, reason):
                self._remark(f"engine {engine}: {reason}")
            case EngineStarting(deployment, attempt):
                self._remark(f"starting a server for {deployment}" + (f", attempt {attempt}" if attempt > 1 else ""))
            case PhaseEnded(deployment, phase, seconds, deadline):
                whose = f"{deployment}: " if deployment is not None else ""
                self._remark(f"{whose}{phase} took {seconds:.2f} s of {deadline:g} s")
            case ProbeSent(graph, probe, number):
                self._remark(f"{graph}: request {number}: {probe}")
            case VerdictCached(cached):
                self._remark(f"{cached.deployment}: {cached_words([cached])}; nothing has changed since")
            case Done(report):
                self._end(report)
            case _:
                pass

    def _write(self, text: str) -> None:
        self._stream.write(text)

    def _remark(self, text: str) -> None:
        if self._detail > 0:
            self._write(self._paint("dim", one_line(text)) + "\n")

    def _finding(self, finding: Finding) -> None:
        key = (finding.code, finding.location, finding.message)
        if key in self._shown:
            return
        self._shown.add(key)
        self._write("\n".join(self._finding_lines(finding)) + "\n\n")
        self._stream.flush()

    def _finding_lines(self, finding: Finding) -> Iterator[str]:
        paint, role = self._paint, finding.severity
        place = finding.location
        yield paint(role, f"{role.value}[{finding.code}]") + paint("bold", f": {one_line(finding.message)}")
        rows = excerpt(self._sources, place, one_line(finding.label), width=self._width)
        related = [
            (r, excerpt(self._sources, r.location, one_line(r.message), mark="-", width=self._width))
            for r in finding.related
        ]
        numbers = [row.number for row in (*rows, *(row for _, part in related for row in part)) if row.number]
        gutter = len(str(max(numbers, default=1)))
        yield self._place(gutter, "-->", place.file, place.line, place.column)
        yield from self._rows(rows, gutter, role.value)
        for entry, part in related:
            yield self._place(gutter, ":::", entry.location.file, entry.location.line, entry.location.column)
            yield from self._rows(part, gutter, "gutter")
            if not part:
                yield self._note(gutter, "also", entry.message)
        if rows or related:
            yield paint("gutter", " " * gutter + " |")
        if finding.label and not rows:
            yield self._note(gutter, "here", finding.label)
        yield self._note(gutter, "when", when(finding))
        yield self._note(gutter, "then", then(finding))
        yield from self._seen(finding, gutter)
        more = f"graphval explain {finding.code}"
        yield self._note(gutter, "help", f"{finding.help}; more: {more}" if finding.help else more)

    def _place(self, gutter: int, arrow: str, file: str, line: int, column: int) -> str:
        return f"{' ' * gutter}{self._paint('gutter', arrow)} {one_line(file)}:{line}:{column}"

    def _rows(self, rows: list[Row], gutter: int, role: str) -> Iterator[str]:
        if rows:
            yield self._paint("gutter", " " * gutter + " |")
        for row in rows:
            number = "" if row.number is None else str(row.number)
            if row.number is None and not row.mark:
                yield self._paint("gutter", row.text)
                continue
            text = self._paint(role, row.text) if row.mark else row.text
            yield (self._paint("gutter", f"{number:>{gutter}} |") + " " + text).rstrip()

    def _note(self, gutter: int, word: str, text: str) -> str:
        return f"{self._paint('gutter', ' ' * gutter + ' =')} {self._paint('bold', word + ':')} {one_line(text)}"

    def _seen(self, finding: Finding, gutter: int) -> Iterator[str]:
        """What an engine answered and logged, a line each; all of it on demand."""
        for name, value in finding.evidence.items():
            entries = value if isinstance(value, list) else [value]
            lines = [line for entry in entries for line in str(entry).strip().split("\n") if line]
            before = "" if name == "seen" else f"{name}: "
            for line in lines if self._detail > 0 else lines[:1]:
                room = len(line) if self._detail > 0 else _SEEN_COLUMNS
                cut = line if len(line) <= room else line[:room] + "…"
                yield self._note(gutter, "seen", before + cut)

    def _end(self, report: Report) -> None:
        for finding in report.findings:
            self._finding(finding)
        if self._detail >= 0:
            for line in self._graphs(report):
                self._write(line + "\n")
            if report.graphs:
                self._write("\n")
        role = "good" if report.verdict is Verdict.PASS else "bad"
        self._write(self._paint(role, one_line(verdict_line(report))) + "\n")
        self._stream.flush()

    def _graphs(self, report: Report) -> Iterator[str]:
        """One line for each graph, and under it what was not exercised."""
        names = Counter(graph.name for graph in report.graphs)
        labels = [one_line(g.name if names[g.name] == 1 else str(Path(g.file).parent)) for g in report.graphs]
        column = min(max(map(len, labels), default=0), _NAME_COLUMNS)
        for graph, label in zip(report.graphs, labels, strict=True):
            cells = [self._rung(graph, stage, report) for stage in graph.stages]
            if graph.probes:
                cells.append(f"{graph.probes} probe{'s' if graph.probes > 1 else ''}")
            if graph.verdict is Verdict.INCONCLUSIVE:
                cells.append(self._paint("bad", "inconclusive"))
            took = _duration(graph.seconds) if graph.cached is None else cached_words([graph.cached])
            yield "   ".join([f"{label:<{column}}", *cells, took])
            for reason, nodes in _unexercised(graph).items():
                who = f"node{'s' if len(nodes) > 1 else ''} {', '.join(nodes)}, because " if nodes else ""
                yield self._paint("dim", f"  not exercised: {who}{one_line(reason)}")

    def _rung(self, graph: GraphReport, stage: Stage, report: Report) -> str:
        name = stage.stage.value
        if stage.status is StageStatus.PASS:
            return f"{name} {self._paint('good', 'ok')}"
        if stage.status is StageStatus.SKIPPED:
            return f"{name} -"
        guilty = _guilty(graph, _PHASE_OF_STAGE[name], report)
        why = list(dict.fromkeys(finding.code for finding in guilty))[:2]
        died = next((str(f.evidence["exit"]) for f in guilty if f.evidence.get("exit")), "")
        if died:
            why.append("server died: " + died.replace(" (", ", ").rstrip(")"))
        elif any(finding.effect is Effect.ABORT for finding in guilty):
            why.append("would end the server")
        return f"{name} {self._paint('bad', 'FAILED')}" + (f" ({', '.join(why)})" if why else "")


def _guilty(graph: GraphReport, phase: Phase, report: Report) -> list[Finding]:
    """What keeps a graph from passing a rung: its own errors, else those of the config.json above it, else warnings."""
    said = [f for f in report.findings if f.phase is phase]
    return _guilty_of(graph, [f for f in said if f.severity is Severity.ERROR], report) or _guilty_of(
        graph, [f for f in said if f.severity is Severity.WARNING], report
    )


def _guilty_of(graph: GraphReport, errors: list[Finding], report: Report) -> list[Finding]:
    own = [finding for finding in errors if finding.graph == graph.name]
    # Deployments of one run may name their graphs alike.
    shared = sum(other.name == graph.name for other in report.graphs) > 1
    near = [f for f in errors if Path(graph.file).is_relative_to(Path(f.location.file).parent)]
    return [f for f in own if not shared or f in near] or [f for f in near if f.graph is None]


def _unexercised(graph: GraphReport) -> dict[str, list[str]]:
    """The nodes of each reason; the list is empty where the reason holds for the whole graph."""
    reasons: dict[str, list[str]] = {}
    for entry in graph.not_exercised:
        nodes = reasons.setdefault(entry.reason, [])
        if entry.node is not None:
            nodes.append(f'"{one_line(entry.node)}"')
    return reasons


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 0.1 else f"{seconds:.1f} s"
