"""All probes of one graph on a running server."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from graphval.graph import Graph
from graphval.kserve import messages
from graphval.probe.asking import Deadlines
from graphval.probe.client import UNKNOWN_ERROR, Answer, KServeClient
from graphval.probe.http import HttpRequest, RestClient
from graphval.probe.plan import Plan, Probe, ProbeKind, Request
from graphval.probe.rest import NoRestForm, binary_request
from graphval.probe.streams import StreamRequest


@dataclass(frozen=True, slots=True)
class Ways:
    """The connections to one server; ``rest`` is ``None`` where its REST port is not there, or not known."""

    grpc: KServeClient
    rest: RestClient | None = None


@dataclass(slots=True)
class Exercise:
    """What a graph answered. ``served_by_other``: the servable of its name has other inputs or outputs. ``left_out``:
    the probes there was no time for. ``unreachable``: none could be sent, for they go to a REST port that the server
    does not have. ``portless``: those that could not, while others could. ``counted``: what the server counted of them,
    by family, where it tells."""

    ready: Answer | None = None
    served_by_other: bool = False
    creation: Answer | None = None
    served: list[tuple[Probe, Answer]] = field(default_factory=list)
    left_out: list[Probe] = field(default_factory=list)
    portless: list[Probe] = field(default_factory=list)
    unreachable: bool = False
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def loaded(self) -> bool:
        return self.ready is not None and self.ready.ok and bool(self.ready.response.ready) and not self.served_by_other

    @property
    def failed(self) -> bool:
        """Whether anything but what should be refused was not answered well."""
        return (self.creation is not None and not self.served and not self.creation.ok) or any(
            not answer.ok for probe, answer in self.served if probe.kind is not ProbeKind.REFUSED
        )

    @property
    def last(self) -> Answer | None:
        if self.served:
            return self.served[-1][1]
        return self.creation or self.ready


def look(client: KServeClient, graph: str, deadlines: Deadlines) -> Exercise:
    """Ask whether a graph is loaded."""
    return Exercise(ready=client.model_ready(graph, deadlines.status))


def compare_metadata(client: KServeClient, graph: Graph, deadlines: Deadlines, exercise: Exercise) -> None:
    """Note whether the servable has the stream names of the graph; OVMS tells no more than names."""
    answer = client.model_metadata(graph.name, deadlines.status)
    if not answer.ok:
        return
    exercise.served_by_other = _names(answer.response.inputs) != {c.name for c in graph.inputs} or _names(
        answer.response.outputs
    ) != {c.name for c in graph.outputs}


def send(ways: Ways, plan: Plan, deadlines: Deadlines, exercise: Exercise, until: float = math.inf) -> Iterator[Probe]:
    """Send the plan's probes one by one, announcing each before it goes. Ends at the first that says there is no more.

    A creation that is refused ends the exercise only if the server is gone or silent: the requests that follow may
    still show why. Once ``time.monotonic()`` is past ``until``, only essential probes are sent. A valid request that is
    refused leaves only those to other paths: a model may answer at one and not at another.
    """
    yield plan.creation
    exercise.creation = ask(ways, plan.creation, deadlines.creation)
    if exercise.creation.lost or exercise.creation.timed_out or not creation_proven(exercise.creation, plan.creation):
        return
    elsewhere = False
    for probe in plan.serving:
        if elsewhere and probe.kind is not ProbeKind.FURTHER:
            continue
        if isinstance(probe.request, HttpRequest) and ways.rest is None:
            if probe.essential:
                exercise.unreachable = True
                return
            exercise.portless.append(probe)
            continue
        if not probe.essential and time.monotonic() > until:
            exercise.left_out.append(probe)
            continue
        yield probe
        answer = ask(ways, probe, deadlines.request)
        exercise.served.append((probe, answer))
        if answer.lost or answer.timed_out:
            return
        elsewhere = elsewhere or (probe.essential and not answer.ok)


def ask(ways: Ways, probe: Probe, seconds: float) -> Answer:
    """Send one probe by the way it goes; of several copies the answer that tells most.

    Where gRPC loses the text of a refusal, the same request over REST tells it.
    """
    request = probe.request
    match request:
        case HttpRequest():
            if ways.rest is None:
                raise ValueError("there is no connection to a REST port")
            if probe.copies == 1:
                return ways.rest.post(request, seconds)
            return max(ways.rest.post_together(request, probe.copies, seconds), key=_badness)
        case StreamRequest():
            return ways.grpc.infer_stream(request.messages, seconds)
        case _ if probe.kind is ProbeKind.TOGETHER:
            return max(ways.grpc.infer_together(request, probe.copies, seconds), key=_badness)
        case _:
            return _with_text(ways, request, ways.grpc.infer(request, seconds), seconds)


def _with_text(ways: Ways, request: messages.ModelInferRequest, answer: Answer, seconds: float) -> Answer:
    if answer.ok or answer.text != UNKNOWN_ERROR or ways.rest is None:
        return answer
    try:
        again = ways.rest.post(binary_request(request, ()), seconds)
    except NoRestForm:
        return answer
    return answer if again.ok or again.lost or again.timed_out else replace(answer, told=again.text)


def _badness(answer: Answer) -> int:
    """Of several answers the one that tells most: a lost server, silence, a failure, a response."""
    return 3 if answer.lost else 2 if answer.timed_out else 1 if not answer.ok else 0


def creation_proven(answer: Answer, probe: Probe) -> bool:
    """Whether OVMS refused the made-up input, which it looks at only after the graph was created and started."""
    request: Request = probe.request
    if not isinstance(request, messages.ModelInferRequest) or not request.inputs:
        return False
    name = request.inputs[0].name
    return answer.code == "INVALID_ARGUMENT" and f"{name} is unexpected" in answer.text


def _names(infos: Any) -> set[str]:
    return {info.name for info in infos}
