"""Which requests a graph gets, in which order.

Creation first, then samples if there are any, else the smallest synthetic request; each is sent twice, since a graph
that keeps state or leaves something behind shows it at the second. What only refines the picture comes after: edges of
what the graph should take, several requests at once, a stream, requests that must be refused, and the valid one again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from graphval.findings import NotExercised
from graphval.kserve import messages
from graphval.probe.asking import Depth, ProbeSettings
from graphval.probe.boundary import boundary_requests
from graphval.probe.generative import Generative, broken_requests, generative_requests, sample_request
from graphval.probe.http import HttpRequest
from graphval.probe.refusals import Broken, refusal_requests
from graphval.probe.rest import NoRestForm, binary_request, json_request
from graphval.probe.sample_forms import SUFFIXES, read_samples
from graphval.probe.samples import Expected, SampleError, openai_files, sample_files, with_expected
from graphval.probe.shapes import ModelInputs
from graphval.probe.streams import StreamRequest, further_streams, repeated
from graphval.probe.synthesis import Synthesis, add_side_packets, creation_request, request_of, synthesize
from graphval.rules.graph_border import io_prefix

if TYPE_CHECKING:
    from graphval.rules.context import GraphContext


class ProbeKind(StrEnum):
    """What a probe is for."""

    CREATION = "creation"
    SYNTHETIC = "synthetic request"
    SAMPLE = "sample"
    REPEAT = "the same again"
    REST = "REST request"
    BOUNDARY = "request at the edge"
    FURTHER = "further request"
    TOGETHER = "requests at once"
    STREAM = "stream"
    REFUSED = "request to be refused"
    AFTER = "request after a refusal"


_ESSENTIAL = frozenset({ProbeKind.CREATION, ProbeKind.SYNTHETIC, ProbeKind.SAMPLE, ProbeKind.REPEAT})


Request: TypeAlias = messages.ModelInferRequest | HttpRequest | StreamRequest


@dataclass(frozen=True, slots=True)
class Probe:
    """One request and what it is for; an HTTP one goes to the REST port. ``label`` is the sample's name, empty for
    made-up values; ``note`` says what is special about it. ``copies`` are sent at once. ``expected`` is what a sample
    says of its answer. ``guessed``: only user code knows whether it takes it. ``twin`` is the request that this one is
    in another form. ``certain``, of one that must be refused: OVMS itself does so, whatever the nodes take.
    ``pictures`` are the inputs that OVMS makes pictures of."""

    kind: ProbeKind
    request: Request
    label: str = ""
    note: str = ""
    copies: int = 1
    expected: tuple[Expected, ...] = ()
    guessed: bool = False
    twin: Request | None = None
    certain: bool = False
    pictures: tuple[str, ...] = ()

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
class Unread:
    """A sample that is no request, and why; where its JSON goes wrong, with ``line`` and ``column`` from 1 on."""

    file: Path
    why: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"sample {self.file.name} is no request: {self.why}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The probes of one graph. ``not_exercised`` says what they leave out; ``serving`` may be empty for that.
    ``unread`` are the samples that are no requests. ``keyed``: what goes over REST bears an API key. ``settings`` are
    those that the probes were made by."""

    creation: Probe
    serving: tuple[Probe, ...] = ()
    not_exercised: tuple[NotExercised, ...] = ()
    unread: tuple[Unread, ...] = ()
    keyed: bool = False
    settings: ProbeSettings = field(default_factory=ProbeSettings)

    @property
    def probes(self) -> tuple[Probe, ...]:
        """All probes in the order of their numbers, which count from 1."""
        return (self.creation, *self.serving)

    def number_of(self, probe: Probe) -> int:
        """Under which number a probe of this plan is known; 0 for another's."""
        return next((number for number, one in enumerate(self.probes, 1) if one is probe), 0)


def make_plan(context: GraphContext, deployment: str, inputs_of: ModelInputs, settings: ProbeSettings) -> Plan:
    """Plan the probes of a graph that could be read. ``deployment`` is the folder name samples may be filed under."""
    creation = Probe(ProbeKind.CREATION, creation_request(context, pool_off=settings.pool_off))
    make = _generative if context.border.speaks_http else _tensors
    base, refined, left_out, unread = make(context, deployment, inputs_of, settings)
    serving: Iterable[Probe] = base if settings.depth is Depth.QUICK else (*_twice(base), *(refined if base else ()))
    pictures = tuple(one.name for one in context.graph.inputs if io_prefix(one, context.catalog) == "IMAGE")
    if pictures:
        serving = (replace(probe, pictures=pictures) for probe in serving)
    return Plan(creation, tuple(serving), tuple(left_out), tuple(unread), settings=settings)


_JSON_BYTES = {Depth.QUICK: 0, Depth.STANDARD: 1 << 18, Depth.THOROUGH: 1 << 24}
"""Values that are written as JSON: text of many megabytes takes long to make and shows nothing more."""

_Parts: TypeAlias = tuple[list[Probe], Iterable[Probe], list[NotExercised], list[Unread]]
"""The valid requests, what comes after them, what is left out, and samples that are no requests."""


def _tensors(context: GraphContext, deployment: str, inputs_of: ModelInputs, settings: ProbeSettings) -> _Parts:
    """Requests of tensors, over gRPC."""
    left_out: list[NotExercised] = []
    unread: list[Unread] = []
    base: list[Probe] = []
    made = synthesize(context, inputs_of, seed=settings.seed, pool_off=settings.pool_off)
    wanted = {one.tensor.name: one.tensor for one in made.inputs}
    names = tuple(connection.name for connection in context.graph.inputs)
    for file in sample_files(settings, deployment, context.graph.name, SUFFIXES):
        try:
            samples = with_expected(read_samples(file, context.graph.name, names, wanted), file)
        except SampleError as error:
            unread.append(_unread(file, error))
            continue
        for sample in samples:
            add_side_packets(context, sample.request, pool_off=settings.pool_off)
            base.append(Probe(ProbeKind.SAMPLE, sample.request, sample.name, expected=sample.expected))
    if base:
        # The user's own requests tell what the graph takes; edges of made-up ones would only be guesses beside them.
        made = Synthesis(None)
    else:
        left_out += made.obstacles
        base = [] if made.request is None else [Probe(ProbeKind.SYNTHETIC, made.request, guessed=made.guessed)]
    return base, _refined(context, base, made, settings), left_out, unread


def _generative(context: GraphContext, deployment: str, _: ModelInputs, settings: ProbeSettings) -> _Parts:
    """Requests to ``/v3``, over HTTP."""
    graph = context.graph
    left_out: list[NotExercised] = []
    unread: list[Unread] = []
    base: list[Probe] = []
    for file in openai_files(settings, deployment, graph.name):
        try:
            base.append(Probe(ProbeKind.SAMPLE, sample_request(file, graph), file.name))
        except ValueError as error:
            unread.append(_unread(file, error))
    thorough = settings.depth is Depth.THOROUGH
    made = [one for one in generative_requests(context) if thorough or not one.thorough]
    base = base or [Probe(ProbeKind.SYNTHETIC, one.request, note=one.note) for one in made if one.plain]
    if not base:
        reason = "not served: no request to /v3 is known that its nodes answer; give a sample that ends in .openai.json"
        left_out.append(NotExercised(None, reason))
    return base, _refined_generative(graph.name, base, made, settings), left_out, unread


def _unread(file: Path, error: Exception) -> Unread:
    why = error if isinstance(error, json.JSONDecodeError) else error.__cause__
    if isinstance(why, json.JSONDecodeError):
        return Unread(file, f"no JSON: {why.msg}", why.lineno, why.colno)
    return Unread(file, str(error))


def _twice(probes: list[Probe]) -> Iterator[Probe]:
    for probe in probes:
        yield probe
        yield Probe(ProbeKind.REPEAT, probe.request, probe.label, guessed=probe.guessed)


def _refined(context: GraphContext, base: list[Probe], made: Synthesis, settings: ProbeSettings) -> Iterator[Probe]:
    """What comes after the valid requests; those that must be refused last, for they may harm the server."""
    valid = base[0]
    prefixes = {one.name: io_prefix(one, context.catalog) or "" for one in context.graph.inputs}
    if isinstance(valid.request, messages.ModelInferRequest):
        yield from _over_rest(context, valid, valid.request, prefixes, settings)
    thorough = settings.depth is Depth.THOROUGH
    for note, tensors in boundary_requests(made.inputs, settings.seed, thorough=thorough):
        request = request_of(context.graph.name, tensors)
        add_side_packets(context, request, pool_off=settings.pool_off)
        yield Probe(ProbeKind.BOUNDARY, request, note=note)
    yield from _at_once(valid, settings)
    if isinstance(valid.request, messages.ModelInferRequest):
        yield Probe(ProbeKind.STREAM, repeated(valid.request), valid.label)
        if not context.pooled or settings.pool_off:
            for note, stream in further_streams(valid.request):
                yield Probe(ProbeKind.STREAM, stream, valid.label, note)
        yield from _refused(valid, refusal_requests(valid.request, prefixes))


def _over_rest(
    context: GraphContext,
    valid: Probe,
    request: messages.ModelInferRequest,
    prefixes: Mapping[str, str],
    settings: ProbeSettings,
) -> Iterator[Probe]:
    """The valid request in the forms that REST has for it. One that is passed on whole goes raw only, as it did over
    gRPC: what typed contents mean to its nodes is theirs to say."""
    most = _JSON_BYTES[settings.depth]
    whole = "REQUEST" in prefixes.values()
    if not whole and sum(map(len, request.raw_input_contents)) <= most:
        try:
            pictures = [name for name, prefix in prefixes.items() if prefix == "IMAGE"]
            text = json_request(request, pictures=pictures)
        except NoRestForm:
            pass  # no client could send it so
        else:
            yield Probe(ProbeKind.REST, text, valid.label, "JSON", twin=request)
    try:
        binary = binary_request(request, [one.name for one in context.graph.outputs])
    except NoRestForm:
        return
    yield Probe(ProbeKind.REST, binary, valid.label, "binary data", twin=request)


def _refined_generative(
    graph: str, base: list[Probe], made: list[Generative], settings: ProbeSettings
) -> Iterator[Probe]:
    """The same for ``/v3``: other forms of the request, several at once, and broken ones."""
    valid = base[0]
    for one in made:
        if not one.plain:
            yield Probe(ProbeKind.STREAM if one.streamed else ProbeKind.FURTHER, one.request, note=one.note)
    yield from _at_once(valid, settings)
    if isinstance(valid.request, HttpRequest):
        yield from _refused(valid, broken_requests(graph, valid.request))


def _at_once(valid: Probe, settings: ProbeSettings) -> Iterator[Probe]:
    if settings.concurrency > 1:
        yield Probe(ProbeKind.TOGETHER, valid.request, valid.label, copies=settings.concurrency)


def _refused(valid: Probe, broken: Iterable[Broken]) -> Iterator[Probe]:
    """Broken requests, and after each the valid one again."""
    for one in broken:
        yield Probe(ProbeKind.REFUSED, one.request, note=one.note, certain=one.certain)
        yield Probe(ProbeKind.AFTER, valid.request, valid.label)
