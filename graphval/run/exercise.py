"""All probes of one deployment on one engine, and what they showed of each graph.

A server that dies or stops answering is a result: the graph that did it is left out, a new server is started, and the
other graphs go on.
"""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import TypeAlias

from graphval.deployment.model import Deployment
from graphval.diagnosis.compose import as_rule, engine_finding, entry_span
from graphval.diagnosis.keys import key_not_demanded
from graphval.diagnosis.load import Ending, LoadDiagnosis, LoadState, Subject, diagnose_load
from graphval.diagnosis.served import Logs, Served
from graphval.diagnosis.serving import diagnose_serving, ended_after
from graphval.engines.interface import Engine, EngineError, Launch, Server, Written
from graphval.events import Event, ProbeSent, ServerDied
from graphval.findings import By, Finding, NotExercised, Rung, Severity, Span, Stage, StageStatus
from graphval.probe.asking import Depth, Settings
from graphval.probe.client import KServeClient
from graphval.probe.exercise import Exercise, Ways, compare_metadata, look, send
from graphval.probe.metrics import ServerMetrics
from graphval.probe.models import ServedModels
from graphval.probe.plan import Plan, Probe, ProbeKind, make_plan
from graphval.probe.readiness import Readiness, answers_at_all, look_at_server
from graphval.rules.context import GraphContext
from graphval.rules.exercise import fails_in_other_pool_mode, graph_not_served
from graphval.rules.run import JudgedGraph, Judgement
from graphval.run.servers import EndedFromOutside, Servers, ending_of, must_be_loading, rest_of, ways_to
from graphval.run.terms import Terms, default_terms

_AFTER_A_BREAK = 5.0
"""Seconds to wait for the end of a process whose connection broke."""

_POOLS_OFF = {"OVMS_GRAPH_QUEUE_OFF": "1"}
_SWITCH = "OVMS_GRAPH_QUEUE_OFF=1"
_REMOTE = "remote"
"""An engine whose server is not ours to start anew."""

_INTERRUPTED = "the run was interrupted"

_LOG_PAUSE, _LOG_DEADLINE = 0.05, 1.0
"""Seconds without a new line after which a log is taken to be whole, and after which it is taken as it is."""

Steps: TypeAlias = Generator[Event, None, None]


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

    def __init__(self, judgement: Judgement, engine: Engine, terms: Terms, key: str | None = None) -> None:
        """``key``: what ``/v3`` should ask for, ``None`` where it should not."""
        self._deployment: Deployment = judgement.deployment
        self._engine = engine
        self._terms = terms
        self._judged: dict[str, JudgedGraph] = {}
        for judged in judgement.graphs:
            # Of several graphs of one name OVMS loads the first.
            self._judged.setdefault(judged.entry.name, judged)
        self._waiting = list(self._judged)
        self._without: set[str] = set()
        self._servers = Servers(engine, terms.limits, self._deployment.name)
        self._key, self._key_looked_at = key or "", key is None
        self._until = math.inf
        self.graphs: dict[str, GraphOutcome] = {name: GraphOutcome() for name in self._judged}
        self.findings: list[Finding] = []
        self.interrupted = self._ended_once = False
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
                try:
                    yield from self._one_server()
                except EndedFromOutside as why:
                    if not self._goes_on_after(why):
                        raise
                    continue
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
        if self.interrupted:
            return
        try:
            yield from self._in_other_pool_mode()
        except KeyboardInterrupt:
            self.interrupted = True

    def _goes_on_after(self, why: EndedFromOutside) -> bool:
        """Whether there is another server after one that somebody ended: once for nothing, and then without the graph
        that was being asked, for its code may have told the server to end."""
        name, self._asked = self._asked, None
        if not self._ended_once:
            self._ended_once = True
            if name is not None:
                self._waiting.insert(0, name)
            return True
        if name is None:
            return False
        self.graphs[name].not_exercised.append(NotExercised(None, str(why)))
        self.graphs[name].inconclusive = True
        self._without.add(name)
        return True

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
        started = monotonic()

        def use(server: Server) -> Generator[Event, None, tuple[str, ...]]:
            load = self._diagnose(server, self._waiting)
            yield from self._take_load(load, server, monotonic() - started)
            if not server.loaded:
                return load.named(LoadState.SUSPECT)
            yield from self._ask(server, load)
            return ()

        suspects = yield from self._servers.one(self._launch(self._without), use)
        if suspects:
            yield from self._separate(suspects)

    def _ask(self, server: Server, load: LoadDiagnosis) -> Steps:
        """Probe the graphs that wait, as long as the server lives."""
        # An exception has ended the loading of all behind it: they are left to the next server.
        behind = load.named(LoadState.UNREACHED) if load.story.skipped_rest is not None else ()
        with ways_to(server, self._key) as ways:
            models = ServedModels(ways.grpc, self._deployment, self._terms.deadlines.status)
            readiness = look_at_server(ways.grpc, rest_of(server, self._key), self._terms.deadlines.status)
            metrics = ServerMetrics(ways.rest, self._terms.deadlines.status)
            self._look_at_key(ways)
            last: str | None = None
            while asked := [name for name in self._waiting if name not in behind]:
                name = self._asked = asked[0]
                self._waiting.remove(name)
                yield from self._probe(name, server, ways, models, load, readiness, metrics)
                self._asked = None
                if name in self._waiting:
                    yield from self._ended_between(last, server)
                    return
                if name in self._without:
                    return
                last = name
            if not ending_of(server, 0.0).alive:
                yield from self._ended_between(last, server)

    def _look_at_key(self, ways: Ways) -> None:
        """Ask the first server without the key that it should demand."""
        if self._key_looked_at or ways.rest is None:
            return
        self._key_looked_at = True
        finding = key_not_demanded(ways.rest, self._key, _place(self._deployment), self._terms.deadlines.status)
        self.findings += [finding] if finding is not None else []

    def _probe(
        self,
        name: str,
        server: Server,
        ways: Ways,
        models: ServedModels,
        load: LoadDiagnosis,
        readiness: Readiness,
        metrics: ServerMetrics,
    ) -> Steps:
        """Send one graph its probes and read the answers."""
        judged, outcome = self._judged[name], self.graphs[name]
        started, before = monotonic(), server.written
        exercise = look(ways.grpc, name, self._terms.deadlines)
        if exercise.ready is not None and exercise.ready.lost and not self._ending_after(exercise, server).alive:
            # It was not this graph: nothing was asked of it yet.
            self._waiting.insert(0, name)
            return
        if judged.graph is not None and exercise.loaded:
            compare_metadata(ways.grpc, judged.graph, self._terms.deadlines, exercise)
        if not exercise.loaded:
            self._not_loaded(name, exercise, server, readiness)
            return
        if Rung.LOAD not in outcome.shown:
            outcome.show(Rung.LOAD, StageStatus.PASS, 0.0)
        if judged.context is None or judged.graph is None:
            outcome.not_exercised.append(NotExercised(None, "its text could not be read, so no request could be made"))
            return
        plan = self._plan(judged.context, models, self._terms.settings)
        for probe in send(ways, plan, self._terms.deadlines, exercise, self._until):
            yield self._sent(name, probe, str(probe))
        if exercise.failed:
            exercise.counted = metrics.of(name)
        ending = self._ending_after(exercise, server)
        if self._stands_still(exercise, ending, server, ways.grpc):
            reason = "the server stopped answering altogether, so that it cannot be told who is to blame"
            outcome.not_exercised.append(NotExercised(None, reason))
            outcome.inconclusive = True
            self._without.add(name)
            return
        logs = _logs(server, exercise, before)
        path = os.path.relpath(self._deployment.path)
        served = diagnose_serving(judged.graph, plan, exercise, logs, ending, path)
        blocked = [
            NotExercised(node or None, reason) for graph, node, reason in load.story.not_exercised if graph == name
        ]
        self._take_served(outcome, exercise, served, blocked)
        outcome.seconds += monotonic() - started
        if not ending.alive or _timed_out(exercise):
            # A thread of the server waits for ever, or nobody is left to answer: the rest goes on without this graph.
            self._without.add(name)
        if not ending.alive:
            yield ServerDied(name, ending.exit)

    def _sent(self, name: str, probe: Probe, words: str) -> ProbeSent:
        self.graphs[name].probes += 1
        deadlines = self._terms.deadlines
        deadline = deadlines.creation if probe.kind is ProbeKind.CREATION else deadlines.request
        return ProbeSent(name, words, self.graphs[name].probes, deadline)

    def _stands_still(self, exercise: Exercise, ending: Ending, server: Server, client: KServeClient) -> bool:
        """Whether a request was not answered because nothing is: a graph that hangs leaves the server's other threads
        alone."""
        if not ending.alive or not _timed_out(exercise):
            return False
        return not answers_at_all(client, rest_of(server, self._key), self._terms.deadlines.status)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _diagnose(self, server: Server, names: Sequence[str]) -> LoadDiagnosis:
        ending = ending_of(server, 0.0)
        if ending.alive and not server.loaded:
            must_be_loading(server, self._terms.limits, self._terms.deadlines.status)
        subjects = tuple(Subject(self._judged[name].entry, self._judged[name].graph) for name in names)
        load = diagnose_load(
            subjects, server.stdout(), server.stderr(), ending, loaded=server.loaded, place=_place(self._deployment)
        )
        if ending.alive and not server.loaded and not load.named(LoadState.FATAL):
            seconds = self._terms.limits.load
            raise EngineError(
                f"the server was still loading, and no graph yet, after {seconds:g} s; give it longer "
                "(--deadline load=SECONDS)"
            )
        return load

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

    def _not_loaded(self, name: str, exercise: Exercise, server: Server, readiness: Readiness) -> None:
        """The server does not serve the graph, and its log did not say that it refused it."""
        outcome = self.graphs[name]
        ready = exercise.ready
        lacks = "" if exercise.served_by_other else readiness.lacks(name)
        if lacks:
            message = f"the server says that it is ready, and does not serve this graph: {lacks}"
            place = entry_span(self._judged[name].entry)
            evidence = {"answer": str(ready)}
            outcome.findings.append(
                engine_finding(graph_not_served.RULE, message, graph=name, location=place, evidence=evidence)
            )
            outcome.show(Rung.LOAD, StageStatus.FAIL, 0.0)
            return
        outcome.inconclusive = True
        if exercise.served_by_other:
            reason = "a servable with other inputs and outputs answers to its name"
        else:
            reason = f"the server does not serve it ({ready}), and its log does not say why"
        outcome.not_exercised.append(NotExercised(None, reason))
        outcome.show(Rung.LOAD, StageStatus.SKIPPED, 0.0)
        if not ending_of(server, _AFTER_A_BREAK if ready is None or ready.lost else 0.0).alive:
            self._without.add(name)

    def _ended_between(self, last: str | None, server: Server) -> Iterator[Event]:
        """The server ended after the requests to ``last`` were answered and before anything else was asked."""
        ending = ending_of(server, 0.0)
        if last is None or not ending.by_signal:
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
        return ending_of(server, _AFTER_A_BREAK if last is not None and last.lost else 0.0)

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
        launch = Launch(self._deployment, frozenset(set(self._judged) - set(names)), dict(_POOLS_OFF))

        def use(server: Server) -> Steps:
            load = self._diagnose(server, names)
            with ways_to(server, self._key) as ways:
                models = ServedModels(ways.grpc, self._deployment, self._terms.deadlines.status)
                for name in names:
                    yield from self._probe_without_pool(name, server, ways, models, load)

        try:
            yield from self._servers.one(launch, use)
        except EngineError as error:
            for name in names:
                reason = f"not asked with {_SWITCH}: the engine was lost: {error}"
                self.graphs[name].not_exercised.append(NotExercised(None, reason))

    def _probe_without_pool(
        self, name: str, server: Server, ways: Ways, models: ServedModels, load: LoadDiagnosis
    ) -> Steps:
        judged, outcome = self._judged[name], self.graphs[name]
        context, graph = judged.context, judged.graph
        if context is None or graph is None or not ending_of(server, 0.0).alive:
            return
        loaded = load.graphs[name]
        findings = [loaded.finding] if loaded.finding is not None else []
        if loaded.state is LoadState.AVAILABLE:
            started, before = monotonic(), server.written
            exercise = look(ways.grpc, name, self._terms.deadlines)
            settings = replace(self._terms.settings, depth=Depth.QUICK, pool_off=True)
            plan = self._plan(context, models, settings)
            for probe in send(ways, plan, self._terms.deadlines, exercise, self._until):
                yield self._sent(name, probe, f"{probe}, pools off")
            ending = self._ending_after(exercise, server)
            if self._stands_still(exercise, ending, server, ways.grpc):
                raise EngineError("the server stopped answering altogether")
            findings += diagnose_serving(graph, plan, exercise, _logs(server, exercise, before), ending).findings
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
            others = self._without | {other for other in suspects if other != name}
            if (yield from self._servers.one(self._launch(others), partial(self._alone, name, monotonic()))):
                guilty = True
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

    def _alone(self, name: str, started: float, server: Server) -> Generator[Event, None, bool]:
        """Whether a graph ends a server of its own."""
        if server.loaded:
            return False
        load = self._diagnose(server, (name,))
        yield from self._take_load(load, server, monotonic() - started)
        return True

    def _settle(self, name: str) -> None:
        if name in self._waiting:
            self._waiting.remove(name)

    def _launch(self, without: set[str]) -> Launch:
        return Launch(self._deployment, frozenset(without))


def _logs(server: Server, exercise: Exercise, before: Written) -> Logs:
    """What the server said since the graph was first asked, when it had written ``before``; after a refusal
    once nothing more comes, for an answer may overtake the lines that explain it."""
    stdout = server.stdout(before.stdout)
    last = exercise.last
    if last is None or last.ok:
        return Logs(stdout, server.stderr(before.stderr))
    deadline = monotonic() + _LOG_DEADLINE
    while monotonic() < deadline:
        sleep(_LOG_PAUSE)
        earlier, stdout = stdout, server.stdout(before.stdout)
        if len(stdout) == len(earlier):
            break
    return Logs(stdout, server.stderr(before.stderr))


def _timed_out(exercise: Exercise) -> bool:
    return exercise.last is not None and exercise.last.timed_out


def _place(deployment: Deployment) -> Span:
    """Where a deployment as a whole is named."""
    if deployment.documents and deployment.config_file is not None:
        return Span(deployment.documents[0].source.file, 1, 1, 1, 1)
    if deployment.graphs:
        return entry_span(deployment.graphs[0])
    return Span(str(deployment.path), 1, 1, 1, 1)


__all__ = ["Depth", "Exercising", "GraphOutcome", "Terms", "default_terms"]
