"""All probes of one deployment on one engine, and what they showed of each graph.

A server that dies or stops answering is a result: the graph that did it is left out, a new server is started, and the
other graphs go on.
"""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep
from typing import TypeAlias

from graphval.deployment.model import Deployment
from graphval.diagnosis.compose import as_rule, entry_span
from graphval.diagnosis.load import Ending, LoadDiagnosis, LoadState, Subject, diagnose_load
from graphval.diagnosis.served import Logs, Served
from graphval.diagnosis.serving import diagnose_serving, ended_after
from graphval.engines.interface import Engine, EngineError, Launch, Limits, Server
from graphval.events import EngineStarting, Event, ProbeSent, ServerDied
from graphval.findings import By, Finding, NotExercised, Rung, Severity, Span, Stage, StageStatus
from graphval.probe.client import KServeClient
from graphval.probe.exercise import Deadlines, Exercise, compare_metadata, look, send
from graphval.probe.models import ServedModels
from graphval.probe.plan import Depth, Plan, Settings, make_plan
from graphval.rules.context import GraphContext
from graphval.rules.exercise import fails_in_other_pool_mode
from graphval.rules.run import JudgedGraph, Judgement

_AFTER_A_BREAK = 5.0
"""Seconds to wait for the end of a process whose connection broke."""

_POOLS_OFF = {"OVMS_GRAPH_QUEUE_OFF": "1"}
_SWITCH = "OVMS_GRAPH_QUEUE_OFF=1"
_REMOTE = "remote"
"""An engine whose server is not ours to start anew."""

_INTERRUPTED = "the run was interrupted"

_LOG_PAUSE, _LOG_DEADLINE = 0.05, 1.0
"""Seconds without a new line after which a log is taken to be whole, and after which it is taken as it is."""

_FROM_OUTSIDE = frozenset({"SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"})
"""Signals that somebody sends; a process that fails raises others."""

Steps: TypeAlias = Generator[Event, None, None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What an exercise may cost and what it is shaped by. ``budget``: seconds for a deployment, after which only
    creation and valid requests are sent (``None``: as long as it takes)."""

    limits: Limits = field(default_factory=Limits)
    deadlines: Deadlines = field(default_factory=Deadlines)
    settings: Settings = field(default_factory=Settings)
    budget: float | None = None


@dataclass(slots=True)
class GraphOutcome:
    """What an engine showed of one graph: rungs passed, failed or left out, findings, what was not exercised."""

    shown: dict[Rung, Stage] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    not_exercised: list[NotExercised] = field(default_factory=list)
    inconclusive: bool = False
    probes: int = 0
    seconds: float = 0.0

    def show(self, rung: Rung, status: StageStatus, seconds: float) -> None:
        self.shown[rung] = Stage(rung, status, By.ENGINE, seconds)


class Exercising:
    """One deployment under exercise. Iterate :meth:`run`, then read ``graphs`` and ``findings``."""

    def __init__(self, judgement: Judgement, engine: Engine, terms: Terms) -> None:
        self._deployment: Deployment = judgement.deployment
        self._engine = engine
        self._terms = terms
        self._judged: dict[str, JudgedGraph] = {}
        for judged in judgement.graphs:
            # Of several graphs of one name OVMS loads the first.
            self._judged.setdefault(judged.entry.name, judged)
        self._waiting = list(self._judged)
        self._without: set[str] = set()
        self._starts = 0
        self._until = math.inf
        self.graphs: dict[str, GraphOutcome] = {name: GraphOutcome() for name in self._judged}
        self.findings: list[Finding] = []
        self.interrupted = False
        self._asked: str | None = None
        if not engine.is_ovms:
            self._leave_out_declared()

    def _leave_out_declared(self) -> None:
        """Graphs with calculators that only a custom build has cannot be loaded by anything else."""
        for name, judged in self._judged.items():
            if judged.context is None:
                continue
            for node in judged.context.graph:
                if judged.context.declared(node) is not None:
                    reason = f"only a build of OVMS that has {node.calculator} can load this graph"
                    self.graphs[name].not_exercised.append(NotExercised(node.display, reason))
                    self._without.add(name)
        self._waiting = [name for name in self._waiting if name not in self._without]

    def run(self) -> Steps:
        """Start servers until every graph has been judged or nothing more can be learned."""
        if self._terms.budget is not None:
            self._until = monotonic() + self._terms.budget
        try:
            while self._waiting:
                before = (len(self._waiting), len(self._without))
                yield from self._one_server()
                if before == (len(self._waiting), len(self._without)):
                    break
        except EngineError as error:
            self._give_up(f"the engine was lost: {error}")
        except KeyboardInterrupt:
            # What is known is reported; whoever insists is not caught again.
            self.interrupted = True
            self._give_up(_INTERRUPTED)
        for name in self._waiting:
            self.graphs[name].inconclusive = True
        if not self.interrupted:
            yield from self._in_other_pool_mode()

    def leave_out(self) -> None:
        """Exercise nothing, since the run was interrupted before."""
        self.interrupted = True
        self._give_up(_INTERRUPTED)

    def _give_up(self, reason: str) -> None:
        """Nothing more is learned of the graphs that wait, and of the one that was being asked."""
        for name in (*([self._asked] if self._asked is not None else []), *self._waiting):
            self.graphs[name].not_exercised.append(NotExercised(None, reason))
            self.graphs[name].inconclusive = True

    def _one_server(self) -> Steps:
        """Start a server, read what it loaded, and ask it about the graphs until it dies or all have answered."""
        yield self._starting()
        started = monotonic()
        with self._engine.start(self._launch(self._without), self._terms.limits) as server:
            load = self._diagnose(server, self._waiting)
            yield from self._take_load(load, server, monotonic() - started)
            if not server.loaded:
                suspects = load.named(LoadState.SUSPECT)
            else:
                suspects = ()
                yield from self._ask(server, load)
        if suspects:
            yield from self._separate(suspects)

    def _ask(self, server: Server, load: LoadDiagnosis) -> Steps:
        """Probe the graphs that wait, as long as the server lives."""
        with KServeClient(server.grpc, server.tls) as client:
            models = ServedModels(client, self._deployment, self._terms.deadlines.status)
            last: str | None = None
            while self._waiting:
                name = self._asked = self._waiting.pop(0)
                yield from self._probe(name, server, client, models, load)
                self._asked = None
                if name in self._waiting:
                    yield from self._ended_between(last, server)
                    return
                if name in self._without:
                    return
                last = name
            ending = _ending(server, 0.0)
            if not ending.alive:
                yield from self._ended_between(last, server)

    def _probe(
        self, name: str, server: Server, client: KServeClient, models: ServedModels, load: LoadDiagnosis
    ) -> Steps:
        """Send one graph its probes and read the answers."""
        judged, outcome = self._judged[name], self.graphs[name]
        started = monotonic()
        exercise = look(client, name, self._terms.deadlines)
        if exercise.ready is not None and exercise.ready.lost and not self._ending_after(exercise, server).alive:
            # It was not this graph: nothing was asked of it yet.
            self._waiting.insert(0, name)
            return
        if judged.graph is not None and exercise.loaded:
            compare_metadata(client, judged.graph, self._terms.deadlines, exercise)
        if not exercise.loaded:
            self._not_loaded(name, exercise, server)
            return
        if Rung.LOAD not in outcome.shown:
            outcome.show(Rung.LOAD, StageStatus.PASS, 0.0)
        if judged.context is None or judged.graph is None:
            outcome.not_exercised.append(NotExercised(None, "its text could not be read, so no request could be made"))
            return
        plan = self._plan(judged.context, models, self._terms.settings)
        for probe in send(client, plan, self._terms.deadlines, exercise, self._until, server.rest):
            outcome.probes += 1
            yield ProbeSent(name, str(probe), outcome.probes)
        ending = self._ending_after(exercise, server)
        logs = _logs(server, exercise)
        path = os.path.relpath(self._deployment.path)
        served = diagnose_serving(judged.graph, plan, exercise, logs, ending, path)
        blocked = [
            NotExercised(node or None, reason) for graph, node, reason in load.story.not_exercised if graph == name
        ]
        self._take_served(outcome, exercise, served, blocked)
        outcome.seconds += monotonic() - started
        last = exercise.last
        if not ending.alive or (last is not None and last.timed_out):
            # A thread of the server waits for ever, or nobody is left to answer: the rest goes on without this graph.
            self._without.add(name)
        if not ending.alive:
            yield ServerDied(name, ending.exit)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _diagnose(self, server: Server, names: Sequence[str]) -> LoadDiagnosis:
        ending = _ending(server, 0.0)
        subjects = tuple(Subject(self._judged[name].entry, self._judged[name].graph) for name in names)
        return diagnose_load(
            subjects, server.stdout(), server.stderr(), ending, loaded=server.loaded, place=_place(self._deployment)
        )

    def _take_load(self, load: LoadDiagnosis, server: Server, seconds: float) -> Iterator[Event]:
        """Enter what the start showed; graphs that are judged by it wait no longer."""
        if load.finding is not None:
            self.findings.append(load.finding)
            for name in self._waiting:
                self.graphs[name].show(Rung.LOAD, StageStatus.FAIL, seconds)
            self._waiting.clear()
            return
        for name, loaded in load.graphs.items():
            outcome = self.graphs[name]
            match loaded.state:
                case LoadState.AVAILABLE:
                    outcome.show(Rung.LOAD, StageStatus.PASS, seconds)
                case LoadState.REFUSED | LoadState.FATAL:
                    outcome.show(Rung.LOAD, StageStatus.FAIL, seconds)
                    self._settle(name)
                case LoadState.LIMITED:
                    outcome.inconclusive = True
                    self._settle(name)
                case LoadState.UNREACHED | LoadState.SUSPECT:
                    continue
            if loaded.finding is not None:
                outcome.findings.append(loaded.finding)
            if loaded.state in (LoadState.FATAL, LoadState.LIMITED):
                self._without.add(name)
                yield ServerDied(name, str(server.exit() or "no end of loading"))
        if not server.loaded or load.story.skipped_rest is not None:
            # A refusal that ends the start, or the loading of all behind it, must not hide the others.
            self._without |= set(load.named(LoadState.REFUSED))

    def _take_served(
        self, outcome: GraphOutcome, exercise: Exercise, served: Served, blocked: Sequence[NotExercised]
    ) -> None:
        outcome.findings += served.findings
        outcome.not_exercised += blocked or served.not_exercised
        outcome.inconclusive = outcome.inconclusive or served.inconclusive
        creation = exercise.creation.seconds if exercise.creation is not None else 0.0
        serving = sum(answer.seconds for _, answer in exercise.served)
        for rung, status, seconds in ((Rung.CREATE, served.create, creation), (Rung.SERVE, served.serve, serving)):
            if status is StageStatus.PASS and blocked:
                # Nodes that the engine cannot run were neither opened nor fed.
                status = None
            outcome.show(rung, status or StageStatus.SKIPPED, seconds)

    def _not_loaded(self, name: str, exercise: Exercise, server: Server) -> None:
        """The server does not serve the graph, and its log did not say that it refused it."""
        outcome = self.graphs[name]
        outcome.inconclusive = True
        ready = exercise.ready
        if exercise.served_by_other:
            reason = "a servable with other inputs and outputs answers to its name"
        else:
            reason = f"the server does not serve it ({ready}), and its log does not say why"
        outcome.not_exercised.append(NotExercised(None, reason))
        outcome.show(Rung.LOAD, StageStatus.SKIPPED, 0.0)
        if _ending(server, _AFTER_A_BREAK if ready is None or ready.lost else 0.0).exit:
            self._without.add(name)

    def _ended_between(self, last: str | None, server: Server) -> Iterator[Event]:
        """The server ended after the requests to ``last`` were answered and before anything else was asked."""
        ending = _ending(server, 0.0)
        if last is None or not ending.by_signal or ending.ended_from_outside:
            return
        judged, outcome = self._judged[last], self.graphs[last]
        if judged.graph is None:
            return
        served = ended_after(judged.graph, Logs(server.stdout(), server.stderr()), ending)
        outcome.findings += served.findings
        outcome.inconclusive = outcome.inconclusive or served.inconclusive
        outcome.show(Rung.SERVE, served.serve or StageStatus.SKIPPED, 0.0)
        self._without.add(last)
        yield ServerDied(last, ending.exit)

    def _ending_after(self, exercise: Exercise, server: Server) -> Ending:
        last = exercise.last
        return _ending(server, _AFTER_A_BREAK if last is not None and last.lost else 0.0)

    # -- without pools ------------------------------------------------------------------------------------------------

    def _in_other_pool_mode(self) -> Steps:
        """Graphs that were served by their pool are asked once more on a server that has pools switched off: a pool
        leaves out an output without a packet, and hides what only the first packet of a graph meets."""
        names = [
            name
            for name, judged in self._judged.items()
            if judged.context is not None and judged.context.pooled and self._was_served(name)
        ]
        settings = self._terms.settings
        if not names or settings.depth is Depth.QUICK or self._engine.name == _REMOTE or monotonic() > self._until:
            return
        yield self._starting()
        launch = Launch(self._deployment, frozenset(set(self._judged) - set(names)), dict(_POOLS_OFF))
        try:
            with self._engine.start(launch, self._terms.limits) as server:
                load = self._diagnose(server, names)
                with KServeClient(server.grpc) as client:
                    models = ServedModels(client, self._deployment, self._terms.deadlines.status)
                    for name in names:
                        yield from self._probe_without_pool(name, server, client, models, load)
        except EngineError as error:
            for name in names:
                reason = f"not asked with {_SWITCH}: the engine was lost: {error}"
                self.graphs[name].not_exercised.append(NotExercised(None, reason))

    def _probe_without_pool(
        self, name: str, server: Server, client: KServeClient, models: ServedModels, load: LoadDiagnosis
    ) -> Steps:
        judged, outcome = self._judged[name], self.graphs[name]
        context, graph = judged.context, judged.graph
        if context is None or graph is None or not _ending(server, 0.0).alive:
            return
        loaded = load.graphs[name]
        findings = [loaded.finding] if loaded.finding is not None else []
        if loaded.state is LoadState.AVAILABLE:
            started = monotonic()
            exercise = look(client, name, self._terms.deadlines)
            settings = replace(self._terms.settings, depth=Depth.QUICK, pool_off=True)
            plan = self._plan(context, models, settings)
            for probe in send(client, plan, self._terms.deadlines, exercise, self._until, server.rest):
                outcome.probes += 1
                yield ProbeSent(name, f"{probe}, pools off", outcome.probes)
            ending = self._ending_after(exercise, server)
            findings += diagnose_serving(graph, plan, exercise, _logs(server, exercise), ending).findings
            outcome.seconds += monotonic() - started
        for finding in findings:
            if finding.severity is Severity.ERROR:
                outcome.findings.append(as_rule(finding, fails_in_other_pool_mode.RULE, f"with {_SWITCH}: "))

    def _was_served(self, name: str) -> bool:
        stage = self.graphs[name].shown.get(Rung.SERVE)
        return stage is not None and stage.status is StageStatus.PASS

    def _plan(self, context: GraphContext, models: ServedModels, settings: Settings) -> Plan:
        return make_plan(context, Path(self._deployment.name).name, models.inputs_of, settings)

    # -- restarts -----------------------------------------------------------------------------------------------------

    def _separate(self, suspects: Sequence[str]) -> Steps:
        """Several graphs may have ended the server: each is started without the others."""
        guilty = False
        for name in suspects:
            yield self._starting()
            others = self._without | {other for other in suspects if other != name}
            started = monotonic()
            with self._engine.start(self._launch(others), self._terms.limits) as server:
                if server.loaded:
                    continue
                load = self._diagnose(server, (name,))
                guilty = True
                yield from self._take_load(load, server, monotonic() - started)
                self._without.add(name)
        if not guilty:
            for name in suspects:
                self.graphs[name].inconclusive = True
                self.graphs[name].not_exercised.append(
                    NotExercised(
                        None, f"the server ends while it loads {', '.join(suspects)}, but with none of them alone"
                    )
                )
                self._settle(name)

    def _settle(self, name: str) -> None:
        if name in self._waiting:
            self._waiting.remove(name)

    def _launch(self, without: set[str]) -> Launch:
        return Launch(self._deployment, frozenset(without))

    def _starting(self) -> EngineStarting:
        self._starts += 1
        return EngineStarting(self._deployment.name, self._starts)


def _logs(server: Server, exercise: Exercise) -> Logs:
    """Both streams; after a refusal once nothing more comes, for an answer may overtake the lines that explain it."""
    stdout = server.stdout()
    last = exercise.last
    if last is None or last.ok:
        return Logs(stdout, server.stderr())
    deadline = monotonic() + _LOG_DEADLINE
    while monotonic() < deadline:
        sleep(_LOG_PAUSE)
        before, stdout = stdout, server.stdout()
        if len(stdout) == len(before):
            break
    return Logs(stdout, server.stderr())


def _ending(server: Server, seconds: float) -> Ending:
    end = server.wait(seconds) if seconds else server.exit()
    if end is None:
        return Ending()
    return Ending(str(end), end.signal is not None, end.limit, end.signal in _FROM_OUTSIDE and not end.limit)


def _place(deployment: Deployment) -> Span:
    """Where a deployment as a whole is named."""
    if deployment.documents and deployment.config_file is not None:
        return Span(deployment.documents[0].source.file, 1, 1, 1, 1)
    if deployment.graphs:
        return entry_span(deployment.graphs[0])
    return Span(str(deployment.path), 1, 1, 1, 1)


def default_terms(
    samples: Path | None = None,
    deadline: float | None = None,
    probes: Depth = Depth.STANDARD,
    budget: float | None = None,
    seed: int | None = None,
    limits: Limits | None = None,
) -> Terms:
    """The usual terms. ``samples`` is the folder of request samples, by default ``samples`` in the current folder;
    ``deadline`` is what one request may take, in seconds, ``budget`` what a deployment may; ``probes`` says how much is
    asked, ``seed`` fixes made-up values; ``limits`` are those of a server."""
    folder = samples if samples is not None else Path("samples")
    settings = Settings(samples=(folder,) if folder.is_dir() else (), depth=probes)
    return Terms(
        limits=limits or Limits(),
        deadlines=Deadlines() if deadline is None else Deadlines(creation=deadline, request=deadline),
        settings=settings if seed is None else replace(settings, seed=seed),
        budget=budget,
    )


__all__ = ["Depth", "Exercising", "GraphOutcome", "Terms", "default_terms"]
