"""The whole run: deployments, rules, engine, probes, diagnosis, report.

A run is a generator of events (``graphval.events``); whoever wants to show or keep something listens. Errors:
:class:`~graphval.deployment.InputError` for paths that cannot be judged, :class:`~graphval.catalog.UnknownRelease`,
:class:`~graphval.engines.interface.EngineError` where the engine asked for cannot be had.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from graphval.catalog import load as load_catalog
from graphval.deployment import Deployment, Found, InputError, discover_each
from graphval.events import Done, EngineChosen, Event, Interrupted, PhaseBegan, PhaseEnded, RunStarted
from graphval.findings import Finding, Span, Target
from graphval.run.tally import Tally
from graphval.settings import Settings

if TYPE_CHECKING:
    from graphval.cache.verdicts import Verdicts
    from graphval.catalog import Catalog
    from graphval.deadlines import ServerPhase
    from graphval.engines.choose import Choice
    from graphval.engines.interface import Engine
    from graphval.engines.options import EngineOptions
    from graphval.run.crew import Crew
    from graphval.run.terms import Terms

NONE = "none"
"""The name of the engine that is none."""

_NOTHING_SET = Settings()


def lint_events(
    paths: Iterable[str | Path], settings: Settings = _NOTHING_SET, *, judges: Crew | None = None
) -> Iterator[Event]:
    """Static checks only: read the files, apply the rules, start no server.

    ``judges`` are processes that judge (:func:`graphval.run.judges.judges`), by default this one does.
    """
    from graphval.run.many import find_and_judge

    tally = Tally(settings)
    catalog = load_catalog(settings.ovms_version)
    found, all_judged = find_and_judge(paths, catalog, settings, judges)
    deployments, findings = _judgeable(found)
    yield RunStarted(tuple(entry.name for d in deployments for entry in d.graphs), catalog.version)
    yield from tally.take(findings)
    for judged in all_judged:
        yield from tally.take(judged.findings, judged.graphs)
    yield Done(tally.report(Target(catalog.version)))


def check_events(
    paths: Iterable[str | Path],
    settings: Settings = _NOTHING_SET,
    *,
    engine: str = "auto",
    options: EngineOptions | None = None,
    terms: Terms | None = None,
    cache: Path | None = None,
) -> Iterator[Event]:
    """All rungs: static rules, then a throw-away server per deployment that is asked about each graph.

    ``engine`` ``none`` is :func:`lint_events`; ``options`` are what is said about the others. ``cache`` is the folder
    where verdicts are kept: those of deployments that have not changed are taken from there. ``None``: there is none.
    """
    if engine == NONE:
        yield from lint_events(paths, settings)
        return
    from graphval.engines.choose import choosing
    from graphval.engines.secrets import api_key_of, demands_key, secrets_of
    from graphval.run.terms import default_terms

    tally = Tally(settings)
    catalog = load_catalog(settings.ovms_version)
    deployments, findings = _judgeable(discover_each(paths))
    terms = terms or default_terms(deadlines=settings.deadlines, named=settings.samples)
    choice = yield from _phased(choosing(engine, options, catalog.version, terms.limits.pull), terms)
    if choice.engine.build is not None:
        catalog = _captured(choice.engine.build) or catalog
    yield RunStarted(tuple(entry.name for d in deployments for entry in d.graphs), catalog.version)
    key = api_key_of(options) if demands_key(options) else None
    secrets = secrets_of(options)
    yield EngineChosen(choice.engine.name, choice.reason, choice.engine.image)
    yield from tally.take(findings)
    verdicts = _verdicts(cache, choice.engine, options, terms, settings, catalog)
    interrupted = False
    for deployment in deployments:
        known = verdicts.find(deployment) if verdicts is not None and not interrupted else None
        if known is not None:
            yield from tally.take_cached(known.cached, known.findings, known.graphs)
            continue
        from graphval.run.climb import climb

        climbed = yield from climb(
            deployment, catalog, settings, choice.engine, terms, key=key, secrets=secrets, leave_out=interrupted
        )
        interrupted = climbed.interrupted
        if verdicts is not None and not interrupted:
            verdicts.keep(deployment, climbed.graphs, climbed.findings)
        yield from tally.take(climbed.findings, climbed.graphs)
    if interrupted:
        yield Interrupted()
    yield Done(tally.report(Target(catalog.version, choice.engine.name, choice.engine.image, choice.reason)))


def _verdicts(
    folder: Path | None,
    engine: Engine,
    options: EngineOptions | None,
    terms: Terms,
    settings: Settings,
    catalog: Catalog,
) -> Verdicts | None:
    """The verdicts of earlier runs that lie in ``folder`` and hold here; ``None`` where none do."""
    if folder is None:
        return None
    from graphval.cache.verdicts import Verdicts
    from graphval.engines.options import EngineOptions

    verdicts = Verdicts(folder, engine, options or EngineOptions(), terms, settings, catalog)
    return None if verdicts.why_not else verdicts


def _captured(build: str) -> Catalog | None:
    """The catalog that was captured of a build, if any was."""
    from graphval.catalog.captured import CapturedCatalog, kept

    captured = kept(build)
    return CapturedCatalog(captured) if captured is not None else None


def _phased(steps: Generator[ServerPhase, None, Choice], terms: Terms) -> Generator[Event, None, Choice]:
    """Choose an engine, and tell what takes its time."""
    ended: PhaseEnded | None = None
    while True:
        began = perf_counter()
        try:
            phase = next(steps)
        except StopIteration as end:
            choice: Choice = end.value
            if ended is not None:
                yield ended._replace(seconds=perf_counter() - began)
            return choice
        if ended is not None:
            yield ended._replace(seconds=perf_counter() - began)
        deadline = terms.limits.of(phase)
        ended = PhaseEnded(None, phase, 0.0, deadline)
        yield PhaseBegan(None, phase, deadline)


def _judgeable(found: Found) -> tuple[list[Deployment], list[Finding]]:
    """What was found, and a finding for each path that holds nothing. Raises :class:`InputError` if none holds any."""
    if not found.deployments:
        raise InputError("; ".join(str(why) for _, why in found.refused) or "no path was given")
    return found.deployments, [_refusal(path, why) for path, why in found.refused]


def _refusal(path: str | Path, why: InputError) -> Finding:
    from graphval.rules.deployment import path_not_judged

    rule = path_not_judged.RULE
    place = Span(str(path), 1, 1, 1, 1)
    return Finding(rule.code, rule.name, rule.severity, rule.phase, rule.effect, None, str(why), place)
