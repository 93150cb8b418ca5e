"""What a start showed of each graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from graphval.deployment.model import GraphEntry
from graphval.diagnosis.blame import blame
from graphval.diagnosis.compose import HIGHER_LIMITS, beside, blamed_finding, engine_finding, entry_span, gist
from graphval.diagnosis.crash import read_crash
from graphval.diagnosis.log import GraphStory, LogStory, Record, match, read_story
from graphval.diagnosis.places import Blame, place_at
from graphval.diagnosis.start import why_not_started
from graphval.findings import Finding, Span
from graphval.graph import Graph
from graphval.rules.exercise import (
    engine_limit_reached,
    graph_refused,
    load_never_ends,
    server_did_not_start,
    server_died_at_load,
)
from graphval.rules.mechanism import Rule


class LoadState(StrEnum):
    """What became of a graph at load. ``UNREACHED``: the server never came to it; ``SUSPECT``: one of those that may
    have ended the process."""

    AVAILABLE = "available"
    REFUSED = "refused"
    FATAL = "fatal"
    UNREACHED = "unreached"
    SUSPECT = "suspect"
    LIMITED = "limited"


_ILLEGAL = "SIGILL"
"""The signal of a program that was built for another processor: no graph's fault."""


@dataclass(frozen=True, slots=True)
class LoadedGraph:
    """What became of one graph; ``finding`` says why, where it was not loaded for a reason of its own."""

    state: LoadState
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class LoadDiagnosis:
    """``graphs`` by name. ``finding`` is about the start as a whole, ``story`` what the log tells of it."""

    graphs: Mapping[str, LoadedGraph]
    finding: Finding | None
    story: LogStory

    def state(self, graph: str) -> LoadState:
        """What became of a graph; one that nothing is known of was not reached."""
        found = self.graphs.get(graph)
        return found.state if found is not None else LoadState.UNREACHED

    def named(self, state: LoadState) -> tuple[str, ...]:
        """The names of the graphs in this state."""
        return tuple(name for name, graph in self.graphs.items() if graph.state is state)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a server stands after its load: ``exit`` in words (empty while it lives), whether a signal ended it, and
    which limit of ours did (empty: none)."""

    exit: str = ""
    by_signal: bool = False
    limit: str = ""

    @property
    def alive(self) -> bool:
        return not self.exit


@dataclass(frozen=True, slots=True)
class Subject:
    """A graph that was to be loaded. ``graph`` is ``None`` where its text could not be read as one."""

    entry: GraphEntry
    graph: Graph | None


def diagnose_load(
    subjects: tuple[Subject, ...], stdout: str, stderr: str, ending: Ending, *, loaded: bool, place: Span
) -> LoadDiagnosis:
    """Read a start. ``place`` is where the deployment as a whole is named."""
    story = read_story(stdout, stderr)
    graphs = {s.entry.name: _told(s, story) for s in subjects}
    finding: Finding | None = None
    if not loaded:
        stopped = _who_was_loading(subjects, graphs, story)
        if ending.limit:
            graphs |= {s.entry.name: LoadedGraph(LoadState.LIMITED, _limit(s, ending)) for s in stopped}
        elif ending.by_signal and _ILLEGAL not in ending.exit:
            graphs |= _died(stopped, stderr, ending, story)
        elif ending.alive:
            graphs |= {s.entry.name: LoadedGraph(LoadState.FATAL, _hung(s)) for s in stopped if _began(s, story)}
        elif not any(g.state is LoadState.REFUSED for g in graphs.values()):
            finding = _not_started(story, stdout, stderr, ending, place)
    return LoadDiagnosis(graphs, finding, story)


def being_loaded(subjects: tuple[Subject, ...], stdout: str, stderr: str) -> str | None:
    """The graph whose loading had begun and not ended when a server had said this, if the log names one."""
    return next((s.entry.name for s in _open(subjects, read_story(stdout, stderr))), None)


def _told(subject: Subject, story: LogStory) -> LoadedGraph:
    """What the log says of a graph."""
    told = story.graphs.get(subject.entry.name)
    if told is None:
        return LoadedGraph(LoadState.UNREACHED)
    if told.available:
        return LoadedGraph(LoadState.AVAILABLE)
    if told.refused or (told.errors and story.load_ended):
        return LoadedGraph(LoadState.REFUSED, _refused(subject, told, story))
    return LoadedGraph(LoadState.UNREACHED)


def _began(subject: Subject, story: LogStory) -> bool:
    told = story.graphs.get(subject.entry.name)
    return told is not None and told.began


def _who_was_loading(
    subjects: tuple[Subject, ...], graphs: Mapping[str, LoadedGraph], story: LogStory
) -> tuple[Subject, ...]:
    """The graph whose loading had begun and not ended; failing that, all that have no state."""
    return _open(subjects, story) or tuple(s for s in subjects if graphs[s.entry.name].state is LoadState.UNREACHED)


def _open(subjects: tuple[Subject, ...], story: LogStory) -> tuple[Subject, ...]:
    """The graph whose loading had begun and not ended: at most one."""
    return tuple(s for s in subjects if (told := story.graphs.get(s.entry.name)) is not None and told.open)[-1:]


def _refused(subject: Subject, told: GraphStory, story: LogStory) -> Finding:
    causes = _causes(told, story)
    text = told.parse[2] if told.parse is not None else causes[0].message if causes else "no reason in the log"
    return _at_graph(
        graph_refused.RULE, f"the server refused to load this graph: {gist(text)}", subject, told,
        [record.message for record in causes], {"log": [record.first_line for record in causes]},
    )  # fmt: skip


def _causes(told: GraphStory, story: LogStory) -> list[Record]:
    """The records that explain a refusal, the telling ones before those that only pass it on."""
    records = list(told.errors)
    if not records and story.skipped_rest is not None:
        records = [story.skipped_rest]
    known = [
        r
        for r in records
        if (m := match(r, ("graph_load_error", "error"))) is not None
        and m[0].id not in ("python_graph", "llm_graph", "graph_io_info")
    ]
    return known + [r for r in records if r not in known]


def _died(stopped: tuple[Subject, ...], stderr: str, ending: Ending, story: LogStory) -> dict[str, LoadedGraph]:
    if len(stopped) != 1:
        return {s.entry.name: LoadedGraph(LoadState.SUSPECT) for s in stopped}
    subject = stopped[0]
    crash = read_crash(stderr)
    told = story.graph(subject.entry.name)
    causes = [record.message for record in told.errors]
    said = gist(crash.text) if crash.text else "without a word"
    finding = _at_graph(
        server_died_at_load.RULE, f"loading this graph ended the server, {ending.exit}: {said}", subject, told,
        [crash.line, crash.text, *causes],
        {"exit": ending.exit, "log": [line for line in (crash.line, *(c.partition('\n')[0] for c in causes)) if line]},
    )  # fmt: skip
    return {subject.entry.name: LoadedGraph(LoadState.FATAL, finding)}


def _hung(subject: Subject) -> Finding:
    location = subject.graph.start.span if subject.graph is not None else entry_span(subject.entry)
    return engine_finding(
        load_never_ends.RULE,
        "the server was still loading this graph when the deadline passed",
        graph=subject.entry.name,
        location=location,
    )


def _limit(subject: Subject, ending: Ending) -> Finding:
    return engine_finding(
        engine_limit_reached.RULE, f"the throw-away server reached its {ending.limit} limit while it loaded this graph",
        graph=subject.entry.name, location=entry_span(subject.entry), help=HIGHER_LIMITS,
        evidence={"exit": ending.exit},
    )  # fmt: skip


def _not_started(story: LogStory, stdout: str, stderr: str, ending: Ending, place: Span) -> Finding:
    lines = [record.first_line for record in (*story.fatal, *story.other_errors)]
    lines = lines or _last_words(stderr)
    said = gist(lines[0]) if lines else "without a word"
    return engine_finding(
        server_did_not_start.RULE,
        f"the server did not start, {ending.exit}: {said}",
        graph=None,
        location=place,
        help=why_not_started(ending.exit, stdout, stderr),
        evidence={"exit": ending.exit, "log": lines[:10]},
    )


def _last_words(stderr: str) -> list[str]:
    """What a server said that wrote no log: of a traceback of Python the exception, which is its last line."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[-1:] if lines and lines[0].startswith("Traceback (most recent call last)") else lines[:3]


def _at_graph(
    rule: Rule, message: str, subject: Subject, told: GraphStory, texts: list[str], evidence: dict[str, object]
) -> Finding:
    graph = subject.graph
    if graph is None:
        span = entry_span(subject.entry)
        if told.parse is not None:
            line, column = told.parse[:2]
            span = Span(subject.entry.display, line, column, line, column + 1)
        return engine_finding(rule, message, graph=subject.entry.name, location=span, evidence=evidence)
    if told.parse is not None:
        blamed = Blame(place_at(graph, told.parse[0], told.parse[1]), None)
        return blamed_finding(rule, message, blamed, graph=subject.entry.name, evidence=evidence)
    telling = [text for text in texts if text]
    blamed = blame(graph, *telling)
    return blamed_finding(
        rule,
        message,
        blamed,
        graph=subject.entry.name,
        evidence=evidence,
        related=beside(graph, blamed, *telling),
    )
