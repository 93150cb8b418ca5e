"""All probes of one graph on a running server."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from graphval.graph import Graph
from graphval.probe.client import Answer, KServeClient
from graphval.probe.http import HttpRequest, Rest, post
from graphval.probe.plan import Plan, Probe, ProbeKind


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds that each kind of call may take."""

    status: float = 10.0
    creation: float = 30.0
    request: float = 30.0


@dataclass(slots=True)
class Exercise:
    """What a graph answered. ``served_by_other``: the servable of its name has other inputs or outputs. ``left_out``:
    the probes there was no time for. ``unreachable``: they go to a REST port that the server does not have."""

    ready: Answer | None = None
    served_by_other: bool = False
    creation: Answer | None = None
    served: list[tuple[Probe, Answer]] = field(default_factory=list)
    left_out: list[Probe] = field(default_factory=list)
    unreachable: bool = False

    @property
    def loaded(self) -> bool:
        return self.ready is not None and self.ready.ok and bool(self.ready.response.ready) and not self.served_by_other

    @property
    def last(self) -> Answer | None:
        if self.served:
            return self.served[-1][1]
        return self.creation or self.ready


def look(client: KServeClient, graph: str, deadlines: Deadlines) -> Exercise:
    """Ask whether a graph is loaded."""
    return Exercise(ready=client.model_ready(graph, deadlines.status))


def compare_metadata(client: KServeClient, graph: Graph, deadlines: Deadlines, exercise: Exercise) -> None:
    """Note whether the servable has the stream names of the graph; OVMS tells no more than names (KServe facts 2)."""
    answer = client.model_metadata(graph.name, deadlines.status)
    if not answer.ok:
        return
    exercise.served_by_other = _names(answer.response.inputs) != {c.name for c in graph.inputs} or _names(
        answer.response.outputs
    ) != {c.name for c in graph.outputs}


def send(
    client: KServeClient,
    plan: Plan,
    deadlines: Deadlines,
    exercise: Exercise,
    until: float = math.inf,
    rest: Rest | None = None,
) -> Iterator[Probe]:
    """Send the plan's probes one by one, announcing each before it goes. Ends at the first that says there is no more.

    A creation that is refused ends the exercise only if the server is gone or silent: the requests that follow may
    still show why. Once ``time.monotonic()`` is past ``until``, only essential probes are sent.
    ``rest`` is the way to the REST port; without it HTTP requests are left out.
    """
    yield plan.creation
    exercise.creation = ask(client, rest, plan.creation, deadlines.creation)
    if exercise.creation.lost or exercise.creation.timed_out or not creation_proven(exercise.creation, plan.creation):
        return
    for probe in plan.serving:
        if isinstance(probe.request, HttpRequest) and rest is None:
            exercise.unreachable = True
            return
        if not probe.essential and time.monotonic() > until:
            exercise.left_out.append(probe)
            continue
        yield probe
        answer = ask(client, rest, probe, deadlines.request)
        exercise.served.append((probe, answer))
        if not answer.ok and (probe.essential or answer.lost or answer.timed_out):
            return


def ask(client: KServeClient, rest: Rest | None, probe: Probe, seconds: float) -> Answer:
    """Send one probe by the way it goes; of several copies the answer that tells most."""
    request = probe.request
    if isinstance(request, HttpRequest):
        assert rest is not None
        return _ask_http(rest, request, probe.copies, seconds)
    match probe.kind:
        case ProbeKind.TOGETHER:
            return max(client.infer_together(request, probe.copies, seconds), key=_badness)
        case ProbeKind.STREAM:
            return client.infer_stream([request] * probe.copies, seconds)
        case _:
            return client.infer(request, seconds)


def _ask_http(rest: Rest, request: HttpRequest, copies: int, seconds: float) -> Answer:
    if copies == 1:
        return post(rest, request, seconds)
    with ThreadPoolExecutor(copies) as threads:
        return max(threads.map(lambda _: post(rest, request, seconds), range(copies)), key=_badness)


def _badness(answer: Answer) -> int:
    """Of several answers the one that tells most: a lost server, silence, a failure, a response."""
    return 3 if answer.lost else 2 if answer.timed_out else 1 if not answer.ok else 0


def creation_proven(answer: Answer, probe: Probe) -> bool:
    """Whether OVMS refused the made-up input, which it looks at only after the graph was created and started."""
    if isinstance(probe.request, HttpRequest) or not probe.request.inputs:
        return False
    name = probe.request.inputs[0].name
    return answer.code == "INVALID_ARGUMENT" and f"{name} is unexpected" in answer.text


def _names(infos: Any) -> set[str]:
    return {info.name for info in infos}
