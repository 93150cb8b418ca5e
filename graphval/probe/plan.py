"""Which requests a graph gets, in which order.

Creation first, then samples if there are any, else the smallest synthetic request; each is sent twice, since a graph
that keeps state or leaves something behind shows it at the second. What only refines the picture comes after: edges of
what the graph should take, several requests at once, a stream, requests that must be refused, and the valid one again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.findings import NotExercised
from graphval.kserve import messages
from graphval.probe.boundary import boundary_requests
from graphval.probe.refusals import refusal_requests
from graphval.probe.samples import SampleError, read_sample, sample_files
from graphval.probe.shapes import ModelInputs
from graphval.probe.synthesis import SEED, Synthesis, add_side_packets, creation_request, request_of, synthesize

if TYPE_CHECKING:
    from graphval.rules.context import GraphContext


class Depth(StrEnum):
    """How much of a graph is asked for. ``QUICK``: creation and one valid request. ``STANDARD``: that twice, edges, at
    once, on a stream, and refusals. ``THOROUGH``: more edges."""

    QUICK = "quick"
    STANDARD = "standard"
    THOROUGH = "thorough"


class ProbeKind(StrEnum):
    """What a probe is for."""

    CREATION = "creation"
    SYNTHETIC = "synthetic request"
    SAMPLE = "sample"
    REPEAT = "the same again"
    BOUNDARY = "request at the edge"
    TOGETHER = "requests at once"
    STREAM = "stream"
    REFUSED = "request to be refused"
    AFTER = "request after refusals"


_ESSENTIAL = frozenset({ProbeKind.CREATION, ProbeKind.SYNTHETIC, ProbeKind.SAMPLE, ProbeKind.REPEAT})


@dataclass(frozen=True, slots=True)
class Probe:
    """One request and what it is for. ``label`` is the sample's name, empty for made-up tensors; ``note`` says what is
    special about it. ``copies`` are sent: at once, or one after the other on a stream."""

    kind: ProbeKind
    request: messages.ModelInferRequest
    label: str = ""
    note: str = ""
    copies: int = 1

    @property
    def ours(self) -> bool:
        """Whether its tensors are made up, so that a refusal may be about them."""
        return not self.label

    @property
    def essential(self) -> bool:
        """Whether nothing after it means anything if it fails, and no time is too short for it."""
        return self.kind in _ESSENTIAL

    def __str__(self) -> str:
        if self.kind is ProbeKind.TOGETHER:
            return f"{self.copies} {self.kind}"
        return " ".join(part for part in (str(self.kind), self.label, self.note and f"({self.note})") if part)


@dataclass(frozen=True, slots=True)
class Plan:
    """The probes of one graph. ``not_exercised`` says what they leave out; ``serving`` may be empty for that."""

    creation: Probe
    serving: tuple[Probe, ...] = ()
    not_exercised: tuple[NotExercised, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """``samples``: folders to look for request samples in. ``seed`` fixes the made-up values. ``concurrency``: how many
    requests are sent at once. ``pool_off``: the server that is asked has graph pools switched off."""

    samples: tuple[Path, ...] = ()
    seed: int = SEED
    depth: Depth = Depth.STANDARD
    concurrency: int = 4
    pool_off: bool = False


_STREAMED = 2


def make_plan(context: GraphContext, deployment: str, inputs_of: ModelInputs, settings: Settings) -> Plan:
    """Plan the probes of a graph that could be read. ``deployment`` is the folder name samples may be filed under."""
    creation = Probe(ProbeKind.CREATION, creation_request(context, pool_off=settings.pool_off))
    left_out: list[NotExercised] = []
    base: list[Probe] = []
    for file in sample_files(settings.samples, deployment, context.graph.name):
        try:
            sample = read_sample(file, context.graph.name)
        except SampleError as error:
            left_out.append(NotExercised(None, f"sample {file.name} could not be read: {error}"))
            continue
        add_side_packets(context, sample.request, pool_off=settings.pool_off)
        base.append(Probe(ProbeKind.SAMPLE, sample.request, sample.name))
    made = Synthesis(None)
    if context.flow.speaks_http or not base:
        made = synthesize(context, inputs_of, seed=settings.seed, pool_off=settings.pool_off)
        left_out += made.obstacles
        base = [] if made.request is None else [Probe(ProbeKind.SYNTHETIC, made.request)]
    serving = list(_twice(base) if settings.depth is not Depth.QUICK else base)
    if base and settings.depth is not Depth.QUICK:
        serving += _refined(context, base[0], made, settings)
    return Plan(creation, tuple(serving), tuple(left_out))


def _twice(probes: list[Probe]) -> Iterator[Probe]:
    for probe in probes:
        yield probe
        yield Probe(ProbeKind.REPEAT, probe.request, probe.label)


def _refined(context: GraphContext, valid: Probe, made: Synthesis, settings: Settings) -> Iterator[Probe]:
    """What comes after the valid requests; those that must be refused last, for they may harm the server."""
    thorough = settings.depth is Depth.THOROUGH
    for note, tensors in boundary_requests(made.inputs, settings.seed, thorough=thorough):
        request = request_of(context.graph.name, tensors)
        add_side_packets(context, request, pool_off=settings.pool_off)
        yield Probe(ProbeKind.BOUNDARY, request, note=note)
    if settings.concurrency > 1:
        yield Probe(ProbeKind.TOGETHER, valid.request, valid.label, copies=settings.concurrency)
    yield Probe(ProbeKind.STREAM, valid.request, valid.label, copies=_STREAMED)
    refusals = list(refusal_requests(valid.request))
    for note, request in refusals:
        yield Probe(ProbeKind.REFUSED, request, note=note)
    if refusals:
        yield Probe(ProbeKind.AFTER, valid.request, valid.label)
