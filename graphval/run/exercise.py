"""All probes of one deployment on one engine, and what they showed of each graph.

A server that dies or stops answering is a result: the graph that did it is left out, a new server is started, and the
other graphs go on.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TypeAlias

from graphval.deployment.model import Deployment
from graphval.diagnosis.compose import engine_finding, entry_span
from graphval.diagnosis.keys import key_not_demanded
from graphval.diagnosis.load import LoadDiagnosis, LoadState
from graphval.diagnosis.served import Logs
from graphval.diagnosis.serving import diagnose_serving, ended_after
from graphval.engines.interface import Engine, EngineError, Launch, Server, Written
from graphval.events import Event, ServerDied
from graphval.findings import Finding, NotExercised, Rung, StageStatus
from graphval.graph import Graph
from graphval.probe.exercise import Exercise, Ways, compare_metadata, look
from graphval.probe.metrics import ServerMetrics
from graphval.probe.models import ServedModels
from graphval.probe.plan import Plan
from graphval.probe.readiness import Readiness, look_at_server
from graphval.rules.exercise import graph_not_served
from graphval.rules.run import JudgedGraph, Judgement
from graphval.run.asking import AFTER_A_BREAK, Asking, ending_after, logs_of, place_of, timed_out
from graphval.run.graph_outcome import GraphOutcome
from graphval.run.pools_off import in_other_pool_mode
from graphval.run.servers import EndedFromOutside, Servers, ending_of, rest_of, ways_to
from graphval.run.terms import Terms
from graphval.textproto.decode import undecoded

_REMOTE = "remote"
"""An engine whose server is not ours to start anew."""

_INTERRUPTED = "the run was interrupted"

Steps: TypeAlias = Generator[Event, None, None]


@dataclass(frozen=True, slots=True)
class _Up:
    """A server that has loaded: the ways to it, what its start has shown, and what it says of itself."""

    server: Server
    ways: Ways
    load: LoadDiagnosis
    models: ServedModels
    readiness: Readiness
    metrics: ServerMetrics


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
        self.graphs: dict[str, GraphOutcome] = {name: GraphOutcome() for name in self._judged}
        self._asking = Asking(self._deployment, self._judged, self.graphs, terms, self._key)
        self.findings: list[Finding] = []
        self.interrupted = self._ended_once = False
        self._asked: str | None = None
        self._leave_out_unnameable()
        if not engine.is_ovms:
            self._leave_out_declared()
        self._waiting = [name for name in self._waiting if name not in self._without]

    def _leave_out_unnameable(self) -> None:
        """Graphs that gRPC cannot name, since it carries UTF-8 only."""
        for name in self._judged:
            problem = undecoded(name)
            if problem is not None:
                reason = f"no gRPC request can name it: {problem.message} in its name"
                self.graphs[name].not_exercised.append(NotExercised(None, reason))
                self._without.add(name)

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

    def run(self) -> Steps:
        """Start servers until every graph has been judged or nothing more can be learned."""
        self._asking.begin()
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
        if self.interrupted or self._engine.name == _REMOTE:
            return
        try:
            yield from in_other_pool_mode(self._asking, self._servers)
        except KeyboardInterrupt:
            self.interrupted = True

    def _goes_on_after(self, why: EndedFromOutside) -> bool:
        """Whether there is another server after one that somebody ended: once for nothing, and then without the graph
        that was being asked or loaded. Its code may have told the server to end, or have taken all memory where the
        engine does not see that it was this."""
        asked, self._asked = self._asked, None
        if not self._ended_once:
            self._ended_once = True
            if asked is not None:
                self._waiting.insert(0, asked)
            return True
        name = asked or why.loading
        if name is None:
            return False
        while_loading = " while it loaded this graph, as it is where memory runs out" if asked is None else ""
        self.graphs[name].not_exercised.append(NotExercised(None, f"{why}{while_loading}"))
        self.graphs[name].inconclusive = True
        self._settle(name)
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
            load = self._asking.diagnose(server, self._waiting)
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
        seconds = self._terms.deadlines.status
        with ways_to(server, self._key) as ways:
            up = _Up(
                server,
                ways,
                load,
                ServedModels(ways.grpc, self._deployment, seconds),
                look_at_server(ways.grpc, rest_of(server, self._key), seconds),
                ServerMetrics(ways.rest, seconds),
            )
            self._look_at_key(ways)
            last: str | None = None
            while asked := [name for name in self._waiting if name not in behind]:
                name = self._asked = asked[0]
                self._waiting.remove(name)
                yield from self._probe(name, up)
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
        finding = key_not_demanded(ways.rest, self._key, place_of(self._deployment), self._terms.deadlines.status)
        self.findings += [finding] if finding is not None else []

    def _probe(self, name: str, up: _Up) -> Steps:
        """Send one graph its probes and read the answers, if the server serves it."""
        judged, outcome = self._judged[name], self.graphs[name]
        started, before = monotonic(), up.server.written
        exercise = look(up.ways.grpc, name, self._terms.deadlines)
        if exercise.ready is not None and exercise.ready.lost and not ending_after(exercise, up.server).alive:
            # It was not this graph: nothing was asked of it yet.
            self._waiting.insert(0, name)
            return
        if judged.graph is not None and exercise.loaded:
            compare_metadata(up.ways.grpc, judged.graph, self._terms.deadlines, exercise)
        if not exercise.loaded:
            self._not_loaded(name, exercise, up.server, up.readiness)
            return
        if Rung.LOAD not in outcome.shown:
            outcome.show(Rung.LOAD, StageStatus.PASS, 0.0)
        if judged.context is None or judged.graph is None:
            outcome.not_exercised.append(NotExercised(None, "its text could not be read, so no request could be made"))
            return
        plan = self._asking.plan(judged.context, up.models, self._terms.settings)
        yield from self._asking.send(name, plan, exercise, up.ways)
        yield from self._read_answers(judged.graph, plan, exercise, up, before)
        outcome.seconds += monotonic() - started

    def _read_answers(self, graph: Graph, plan: Plan, exercise: Exercise, up: _Up, before: Written) -> Iterator[Event]:
        """Enter what a graph answered, and how the server stands after it. ``before``: what the server had written when
        the graph was first asked."""
        name = graph.name
        outcome = self.graphs[name]
        if exercise.failed:
            exercise.counted = up.metrics.of(name)
        ending = ending_after(exercise, up.server)
        if self._asking.stands_still(exercise, ending, up.server, up.ways):
            reason = "the server stopped answering altogether, so that it cannot be told who is to blame"
            outcome.not_exercised.append(NotExercised(None, reason))
            outcome.inconclusive = True
            self._without.add(name)
            return
        logs = logs_of(up.server, exercise, before)
        path = os.path.relpath(self._deployment.path)
        served = diagnose_serving(graph, plan, exercise, logs, ending, path)
        blocked = [NotExercised(node or None, reason) for of, node, reason in up.load.story.not_exercised if of == name]
        outcome.take_served(exercise, served, blocked)
        if not ending.alive or timed_out(exercise):
            # A thread of the server waits for ever, or nobody is left to answer: the rest goes on without this graph.
            self._without.add(name)
        if not ending.alive:
            yield ServerDied(name, ending.exit)

    # -- reading ------------------------------------------------------------------------------------------------------

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
        if not ending_of(server, AFTER_A_BREAK if ready is None or ready.lost else 0.0).alive:
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
        load = self._asking.diagnose(server, (name,))
        yield from self._take_load(load, server, monotonic() - started)
        return True

    def _settle(self, name: str) -> None:
        if name in self._waiting:
            self._waiting.remove(name)

    def _launch(self, without: set[str]) -> Launch:
        return Launch(self._deployment, frozenset(without))
