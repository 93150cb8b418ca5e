"""One deployment up all rungs: rules, then an engine, then what both say together."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from time import perf_counter

from graphval.catalog import Catalog
from graphval.deployment import Deployment
from graphval.engines.interface import Engine
from graphval.events import Event
from graphval.findings import By, Finding, GraphReport
from graphval.rules.run import judge, weighed
from graphval.run.exercise import Exercising
from graphval.run.masking import without_secrets
from graphval.run.outcome import conclude
from graphval.run.terms import Terms
from graphval.settings import Settings


@dataclass(frozen=True, slots=True)
class Climbed:
    """What a deployment has shown. ``interrupted``: the run was told to stop meanwhile, or before."""

    graphs: tuple[GraphReport, ...]
    findings: tuple[Finding, ...]
    interrupted: bool


def climb(
    deployment: Deployment,
    catalog: Catalog,
    settings: Settings,
    engine: Engine,
    terms: Terms,
    *,
    key: str | None,
    secrets: Sequence[str],
    leave_out: bool,
) -> Generator[Event, None, Climbed]:
    """Judge a deployment and exercise it. ``key`` is what the server should ask for, ``None`` where it should not;
    ``secrets`` are hidden in what is concluded; ``leave_out``: exercise nothing, since the run was interrupted before.
    """
    started = perf_counter()
    judgement = judge(deployment, catalog, settings)
    seconds = (perf_counter() - started) / max(1, len(judgement.graphs))
    exercising = Exercising(judgement, engine, terms, key)
    if leave_out:
        exercising.leave_out()
    else:
        yield from exercising.run()
    concluded = without_secrets(conclude(judgement, exercising, engine, seconds), secrets)
    static = [finding for finding in concluded.findings if finding.by is By.STATIC]
    seen = weighed((finding for finding in concluded.findings if finding.by is By.ENGINE), settings)
    return Climbed(concluded.graphs, (*static, *seen), leave_out or exercising.interrupted)
