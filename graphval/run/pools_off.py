"""The other pool mode: graphs that a pool served are asked once more without it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from time import monotonic

from graphval.diagnosis.compose import as_rule
from graphval.diagnosis.load import LoadDiagnosis, LoadState
from graphval.diagnosis.serving import diagnose_serving
from graphval.engines.interface import EngineError, Launch, Server
from graphval.events import Event
from graphval.findings import NotExercised, Severity
from graphval.probe.asking import Depth
from graphval.probe.exercise import Ways, look
from graphval.probe.models import ServedModels
from graphval.rules.exercise import fails_in_other_pool_mode
from graphval.run.asking import Asking, ending_after, logs_of
from graphval.run.servers import Servers, ending_of, ways_to

_POOLS_OFF = {"OVMS_GRAPH_QUEUE_OFF": "1"}
_SWITCH = "OVMS_GRAPH_QUEUE_OFF=1"


def in_other_pool_mode(asking: Asking, servers: Servers) -> Generator[Event, None, None]:
    """Graphs that were served by their pool are asked once more on a server that has pools switched off: a pool leaves
    out an output without a packet, and hides what only the first packet of a graph meets."""
    names = [
        name
        for name, judged in asking.judged.items()
        if judged.context is not None and judged.context.pooled and asking.outcomes[name].was_served
    ]
    if not names or asking.terms.settings.depth is Depth.QUICK or asking.over:
        return

    def use(server: Server) -> Generator[Event, None, None]:
        load = asking.diagnose(server, names)
        with ways_to(server, asking.key) as ways:
            models = ServedModels(ways.grpc, asking.deployment, asking.terms.deadlines.status)
            for name in names:
                yield from _probe(asking, name, server, ways, models, load)

    launch = Launch(asking.deployment, frozenset(set(asking.judged) - set(names)), dict(_POOLS_OFF))
    try:
        yield from servers.one(launch, use)
    except EngineError as error:
        for name in names:
            reason = f"not asked with {_SWITCH}: the engine was lost: {error}"
            asking.outcomes[name].not_exercised.append(NotExercised(None, reason))


def _probe(
    asking: Asking, name: str, server: Server, ways: Ways, models: ServedModels, load: LoadDiagnosis
) -> Generator[Event, None, None]:
    judged, outcome = asking.judged[name], asking.outcomes[name]
    context, graph = judged.context, judged.graph
    if context is None or graph is None or not ending_of(server, 0.0).alive:
        return
    loaded = load.graphs[name]
    findings = [loaded.finding] if loaded.finding is not None else []
    if loaded.state is LoadState.AVAILABLE:
        started, before = monotonic(), server.written
        exercise = look(ways.grpc, name, asking.terms.deadlines)
        plan = asking.plan(context, models, replace(asking.terms.settings, depth=Depth.QUICK, pool_off=True))
        yield from asking.send(name, plan, exercise, ways, ", pools off")
        ending = ending_after(exercise, server)
        if asking.stands_still(exercise, ending, server, ways):
            raise EngineError("the server stopped answering altogether")
        findings += diagnose_serving(graph, plan, exercise, logs_of(server, exercise, before), ending).findings
        outcome.seconds += monotonic() - started
    for finding in findings:
        if finding.severity is Severity.ERROR:
            outcome.findings.append(as_rule(finding, fails_in_other_pool_mode.RULE, f"with {_SWITCH}: "))
