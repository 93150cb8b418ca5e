"""Requests of a graph without a server of ours: to look at, to keep, or to send to a server that runs already.

They are those that :func:`graphval.check` would send, in the same order and under the same numbers; the models' shapes
come from their files here, from the server there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphval.catalog import load as load_catalog
from graphval.deployment import InputError, discover
from graphval.probe.asking import ProbeSettings
from graphval.probe.client import Answer, KServeClient
from graphval.probe.exercise import Ways, ask
from graphval.probe.file_models import FileModels
from graphval.probe.http import HttpRequest, HttpResponseBody, Rest, RestClient
from graphval.probe.plan import Probe, make_plan
from graphval.probe.rest import HEADER_LENGTH
from graphval.rules.run import judge
from graphval.settings import Settings


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of one graph, numbered from 1. ``not_made`` says which could not be made, and why."""

    graph: str
    probes: tuple[Probe, ...]
    not_made: tuple[str, ...]

    def numbered(self, number: int) -> Probe:
        """Raises :class:`InputError` where there is no such request."""
        if not 1 <= number <= len(self.probes):
            raise InputError(f'graph "{self.graph}" has requests 1 to {len(self.probes)}, not {number}')
        return self.probes[number - 1]


def requests_of(path: str | Path, graph: str | None, probes: ProbeSettings, settings: Settings) -> Requests:
    """The requests of a graph of the deployment at ``path``; ``graph`` may be left out where there is but one.

    Raises :class:`InputError` for a path without graphs, a name that none has, and a graph whose text cannot be read.
    """
    [deployment, *others] = discover([path])
    if others:
        raise InputError(f"{path} holds {1 + len(others)} deployments; name one of them")
    judgement = judge(deployment, load_catalog(settings.ovms_version), settings)
    named = {judged.entry.name: judged for judged in reversed(judgement.graphs)}
    if not named:
        raise InputError(f"{path} names no graph")
    if graph is None and len(named) > 1:
        raise InputError(f"{path} holds {len(named)} graphs ({', '.join(sorted(named))}); name one with --graph")
    judged = next(iter(named.values())) if graph is None else named.get(graph)
    if judged is None:
        raise InputError(f'no graph is called "{graph}"; there is {", ".join(sorted(named))}')
    if judged.context is None:
        raise InputError(f"{judged.entry.display} cannot be read; see graphval lint")
    plan = make_plan(judged.context, Path(deployment.name).name, FileModels(deployment).inputs_of, probes)
    not_made = (*map(str, plan.unread), *(left_out.reason for left_out in plan.not_exercised))
    return Requests(judged.entry.name, plan.probes, not_made)


def send(probe: Probe, address: str, seconds: float, key: str = "") -> Answer:
    """Send a request to a running server: ``address`` is its gRPC port, or its REST port for a request that goes there.
    ``key`` is the API key of ``/v3``."""
    over_rest = isinstance(probe.request, HttpRequest)
    with KServeClient(address) as client, RestClient(Rest(address, key=key)) as rest:
        return ask(Ways(client, rest if over_rest else None), probe, seconds)


def shown(answer: Answer) -> str:
    """An answer for people to read: its code and text, or the names, types and shapes of what came back."""
    if not answer.ok:
        return f"{answer} ({answer.seconds:.3f} s)"
    lines = [f"OK ({answer.seconds:.3f} s)"]
    if isinstance(answer.response, HttpResponseBody):
        lines.append(_text_of(answer.response))
    elif answer.response is not None:
        for message in answer.response if isinstance(answer.response, tuple) else (answer.response,):
            response: Any = getattr(message, "infer_response", message)
            lines += [f"  {output.name}: {output.datatype} {list(output.shape)}" for output in response.outputs]
    return "\n".join(line for line in lines if line)


def _text_of(body: HttpResponseBody) -> str:
    """The text of a body; of what stands behind its JSON, or is no text at all, only the size."""
    length = body.headers.get(HEADER_LENGTH.lower(), "")
    head = int(length) if length.isascii() and length.isdecimal() else len(body.body)
    try:
        text = body.body[:head].decode("utf-8", "strict").rstrip()
    except UnicodeDecodeError:
        return f"{len(body.body)} bytes of {body.content_type}"
    behind = len(body.body) - head
    return f"{text}\nand {behind} bytes behind it" if behind > 0 else text


def listed(requests: Requests) -> Iterable[str]:
    """A line per request, and one per thing that could not be made."""
    for number, probe in enumerate(requests.probes, 1):
        yield f"{number:3}  {probe}"
    for reason in requests.not_made:
        yield f"  -  {reason}"
