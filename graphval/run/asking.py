"""Asking one server about the graphs of a deployment, and reading its log and its end beside its answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

from graphval.deployment.model import Deployment
from graphval.diagnosis.compose import entry_span
from graphval.diagnosis.load import Ending, LoadDiagnosis, LoadState, Subject, being_loaded, diagnose_load
from graphval.diagnosis.served import Logs
from graphval.engines.interface import EngineError, Server, Written
from graphval.events import ProbeSent
from graphval.findings import Span
from graphval.probe.asking import ProbeSettings
from graphval.probe.exercise import Exercise, Ways, send
from graphval.probe.models import ServedModels
from graphval.probe.plan import Plan, ProbeKind, make_plan
from graphval.probe.readiness import answers_at_all
from graphval.rules.context import GraphContext
from graphval.rules.run import JudgedGraph
from graphval.run.graph_outcome import GraphOutcome
from graphval.run.servers import EndedFromOutside, ending_of, must_be_loading, rest_of
from graphval.run.terms import Terms

AFTER_A_BREAK = 5.0
"""Seconds to wait for the end of a process whose connection broke."""

_LOG_PAUSE, _LOG_DEADLINE = 0.05, 1.0
"""Seconds without a new line after which a log is taken to be whole, and after which it is taken as it is."""


class Asking:
    """The graphs of a deployment by name, what is known of each so far, and the terms they are asked under. ``key`` is
    what ``/v3`` asks for (empty: nothing)."""

    def __init__(
        self,
        deployment: Deployment,
        judged: Mapping[str, JudgedGraph],
        outcomes: Mapping[str, GraphOutcome],
        terms: Terms,
        key: str,
    ) -> None:
        self.deployment = deployment
        self.judged = judged
        self.outcomes = outcomes
        self.terms = terms
        self.key = key
        self._until = math.inf

    def begin(self) -> None:
        """From now on the budget is spent."""
        if self.terms.budget is not None:
            self._until = monotonic() + self.terms.budget

    @property
    def over(self) -> bool:
        """Whether the budget is spent."""
        return monotonic() > self._until

    def plan(self, context: GraphContext, models: ServedModels, settings: ProbeSettings) -> Plan:
        """The requests to a graph."""
        plan = make_plan(context, Path(self.deployment.name).name, models.inputs_of, settings)
        return replace(plan, keyed=bool(self.key))

    def send(self, name: str, plan: Plan, exercise: Exercise, ways: Ways, how: str = "") -> Iterator[ProbeSent]:
        """Send one graph its requests, each told before it goes. ``how``: words behind each."""
        outcome, deadlines = self.outcomes[name], self.terms.deadlines
        for probe in send(ways, plan, deadlines, exercise, self._until):
            outcome.probes += 1
            deadline = deadlines.creation if probe.kind is ProbeKind.CREATION else deadlines.request
            # What could not be sent keeps its number, so that `graphval request` means the same; of a second round
            # there are only how many it makes.
            number = outcome.probes if how else plan.number_of(probe)
            yield ProbeSent(name, f"{probe}{how}", number, deadline)

    def stands_still(self, exercise: Exercise, ending: Ending, server: Server, ways: Ways) -> bool:
        """Whether a request was not answered because nothing is: a graph that hangs leaves the server's other threads
        alone."""
        if not ending.alive or not timed_out(exercise):
            return False
        return not answers_at_all(ways.grpc, rest_of(server, self.key), self.terms.deadlines.status)

    def diagnose(self, server: Server, names: Sequence[str]) -> LoadDiagnosis:
        """Read what a start showed of these graphs. Raises :class:`EngineError` where it showed nothing of any."""
        subjects = tuple(Subject(self.judged[name].entry, self.judged[name].graph) for name in names)
        try:
            ending = ending_of(server, 0.0)
        except EndedFromOutside as why:
            loading = None if server.loaded else being_loaded(subjects, server.stdout(), server.stderr())
            raise EndedFromOutside(str(why), loading) from why
        if ending.alive and not server.loaded:
            must_be_loading(server, self.terms.limits, self.terms.deadlines.status)
        load = diagnose_load(
            subjects, server.stdout(), server.stderr(), ending, loaded=server.loaded, place=place_of(self.deployment)
        )
        if ending.alive and not server.loaded and not load.named(LoadState.FATAL):
            seconds = self.terms.limits.load
            raise EngineError(
                f"the server was still loading, and no graph yet, after {seconds:g} s; give it longer "
                "(--deadline load=SECONDS)"
            )
        return load


def ending_after(exercise: Exercise, server: Server) -> Ending:
    """How a server stands after what a graph was asked last."""
    last = exercise.last
    return ending_of(server, AFTER_A_BREAK if last is not None and last.lost else 0.0)


def logs_of(server: Server, exercise: Exercise, before: Written) -> Logs:
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


def timed_out(exercise: Exercise) -> bool:
    """Whether what a graph was asked last was not answered in time."""
    return exercise.last is not None and exercise.last.timed_out


def place_of(deployment: Deployment) -> Span:
    """Where a deployment as a whole is named."""
    if deployment.documents and deployment.config_file is not None:
        return Span(deployment.documents[0].source.file, 1, 1, 1, 1)
    if deployment.graphs:
        return entry_span(deployment.graphs[0])
    return Span(str(deployment.path), 1, 1, 1, 1)
