"""Which requests a graph gets, in which order.

Creation first, then samples if there are any, else a synthetic request; each serving request is sent twice, since a
graph that keeps state or leaves something behind shows it at the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from graphval.findings import NotExercised
from graphval.kserve import messages
from graphval.probe.samples import SampleError, read_sample, sample_files
from graphval.probe.shapes import ModelInputs
from graphval.probe.synthesis import SEED, add_side_packets, creation_request, synthesize

if TYPE_CHECKING:
    from graphval.rules.context import GraphContext


class ProbeKind(StrEnum):
    """What a probe is for: creating the graph, serving a made-up request, serving a sample, serving one again."""

    CREATION = "creation"
    SYNTHETIC = "synthetic request"
    SAMPLE = "sample"
    REPEAT = "the same again"


@dataclass(frozen=True, slots=True)
class Probe:
    """One request and what it is for. ``ours``: its tensors are made up, so a refusal may be about them."""

    kind: ProbeKind
    request: messages.ModelInferRequest
    label: str = ""

    @property
    def ours(self) -> bool:
        return not self.label

    def __str__(self) -> str:
        return f"{self.kind} {self.label}".strip()


@dataclass(frozen=True, slots=True)
class Plan:
    """The probes of one graph. ``not_exercised`` says what they leave out; ``serving`` may be empty for that."""

    creation: Probe
    serving: tuple[Probe, ...] = ()
    not_exercised: tuple[NotExercised, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """``samples``: folders to look for request samples in. ``seed`` fixes the made-up values."""

    samples: tuple[Path, ...] = ()
    seed: int = SEED


def make_plan(context: GraphContext, deployment: str, inputs_of: ModelInputs, settings: Settings) -> Plan:
    """Plan the probes of a graph that could be read. ``deployment`` is the folder name samples may be filed under."""
    creation = Probe(ProbeKind.CREATION, creation_request(context))
    unreadable: list[NotExercised] = []
    serving: list[Probe] = []
    for file in sample_files(settings.samples, deployment, context.graph.name):
        try:
            sample = read_sample(file, context.graph.name)
        except SampleError as error:
            unreadable.append(NotExercised(None, f"sample {file.name} could not be read: {error}"))
            continue
        add_side_packets(context, sample.request)
        serving.append(Probe(ProbeKind.SAMPLE, sample.request, sample.name))
        serving.append(Probe(ProbeKind.REPEAT, sample.request, sample.name))
    if context.flow.speaks_http or not serving:
        made = synthesize(context, inputs_of, seed=settings.seed)
        unreadable += made.obstacles
        serving = []
        if made.request is not None:
            serving = [Probe(ProbeKind.SYNTHETIC, made.request), Probe(ProbeKind.REPEAT, made.request)]
    return Plan(creation, tuple(serving), tuple(unreadable))
