"""graphval checks MediaPipe graphs for OpenVINO Model Server (OVMS) before they are deployed.

::

    import graphval

    report = graphval.lint(["deploy/"])           # files only, milliseconds
    report = graphval.check(["deploy/"])          # and a throw-away server per deployment
    for event in graphval.exercise(["deploy/"]):  # the same, step by step
        ...
    async for event in graphval.exercise_async(["deploy/"]):  # and for programs with an event loop
        ...
    graphval.write_report(report, "sarif", "out.sarif")

Nothing here prints, ends the process or keeps state between calls. ``docs/library.md`` says more.

Errors: :class:`graphval.deployment.InputError` where a path cannot be judged, :class:`graphval.catalog.UnknownRelease`,
:class:`graphval.settings.SettingsError` where a setting cannot be used,
:class:`graphval.engines.interface.EngineError` where the engine asked for cannot be had. Everything that is wrong with
a deployment is a finding of the report, never an exception.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from graphval.version import __version__

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Unpack

    from graphval.engines.options import EngineOptions
    from graphval.events import Event
    from graphval.findings import Finding, GraphReport, Report, Severity, Span, Verdict
    from graphval.library_options import CheckOptions, LintOptions
    from graphval.run.terms import Terms
    from graphval.settings import DeclaredCalculator


def lint(
    paths: Iterable[str | Path],
    *,
    ovms_version: str | None = None,
    no_models: bool | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    severity: Mapping[str, str] | None = None,
    profile: str | None = None,
    fail_on: str | None = None,
    baseline: str | Path | None = None,
    calculators: Iterable[str | DeclaredCalculator] = (),
    settings: str | Path | None = None,
) -> Report:
    """Judge files alone.

    ``no_models``: models and files that graphs name are not at hand. ``select`` and ``ignore`` hold codes or beginnings
    of codes, ``severity`` their severities (``error``, ``warning``, ``info``). ``fail_on`` is the lowest severity that
    fails the report, by default the one of ``profile`` (``default``: error, ``strict``: info). ``baseline`` is a file
    of known findings. ``calculators`` are those that only a custom build of OVMS has.

    No settings file is looked for. ``settings`` names one to read, a ``graphval.toml`` or ``pyproject.toml``; what is
    given here counts before what it says. Raises :class:`graphval.settings.SettingsError` where one cannot be used.
    """
    from graphval.check import lint_events
    from graphval.run.in_force import asked_for, over_file

    asked = asked_for(
        ovms_version=ovms_version,
        no_models=no_models,
        select=select,
        ignore=ignore,
        severity=severity,
        profile=profile,
        fail_on=fail_on,
        baseline=baseline,
        calculators=calculators,
    )
    return _report(lint_events(paths, over_file(asked, settings)))


def check(
    paths: Iterable[str | Path],
    *,
    engine: str = "auto",
    options: EngineOptions | None = None,
    terms: Terms | None = None,
    ovms_version: str | None = None,
    no_models: bool | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    severity: Mapping[str, str] | None = None,
    profile: str | None = None,
    fail_on: str | None = None,
    baseline: str | Path | None = None,
    calculators: Iterable[str | DeclaredCalculator] = (),
    settings: str | Path | None = None,
    cache: bool | str | Path = False,
) -> Report:
    """Judge files, then start a throw-away server per deployment and ask it about every graph.

    ``engine`` names the engine (``auto``: the first at hand) and ``options`` say how it runs its servers. ``terms`` are
    deadlines, limits and samples.

    Settings are those of :func:`lint`; as there, no settings file is read but the one that ``settings`` names.
    ``cache`` is the folder where verdicts are kept: those of deployments that have not changed are taken from there,
    and the report says which. True is the folder that the command line uses; if not given, everything is exercised,
    whatever a settings file says.
    """
    return _report(
        exercise(
            paths,
            engine=engine,
            options=options,
            terms=terms,
            ovms_version=ovms_version,
            no_models=no_models,
            select=select,
            ignore=ignore,
            severity=severity,
            profile=profile,
            fail_on=fail_on,
            baseline=baseline,
            calculators=calculators,
            settings=settings,
            cache=cache,
        )
    )


def exercise(
    paths: Iterable[str | Path],
    *,
    engine: str = "auto",
    options: EngineOptions | None = None,
    terms: Terms | None = None,
    ovms_version: str | None = None,
    no_models: bool | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    severity: Mapping[str, str] | None = None,
    profile: str | None = None,
    fail_on: str | None = None,
    baseline: str | Path | None = None,
    calculators: Iterable[str | DeclaredCalculator] = (),
    settings: str | Path | None = None,
    cache: bool | str | Path = False,
) -> Iterator[Event]:
    """:func:`check` as a stream of events, the last of which is :class:`graphval.events.Done`.

    Closing the iterator ends every server it has started.
    """
    from graphval.cache.store import folder_of
    from graphval.check import check_events
    from graphval.run.in_force import asked_for, over_file

    asked = asked_for(
        ovms_version=ovms_version,
        no_models=no_models,
        select=select,
        ignore=ignore,
        severity=severity,
        profile=profile,
        fail_on=fail_on,
        baseline=baseline,
        calculators=calculators,
    )
    return check_events(
        paths, over_file(asked, settings), engine=engine, options=options, terms=terms, cache=folder_of(cache)
    )


async def lint_async(paths: Iterable[str | Path], **options: Unpack[LintOptions]) -> Report:
    """:func:`lint` for programs with an event loop, which goes on meanwhile."""
    import asyncio

    return await asyncio.to_thread(lint, tuple(paths), **options)


async def check_async(paths: Iterable[str | Path], **options: Unpack[CheckOptions]) -> Report:
    """:func:`check` for programs with an event loop. Cancelling it ends every server it has started."""
    from contextlib import aclosing

    from graphval.events import Done

    async with aclosing(_events_async(paths, options)) as events:
        async for event in events:
            if isinstance(event, Done):
                return event.report
    raise AssertionError("a run ends with Done")


def exercise_async(paths: Iterable[str | Path], **options: Unpack[CheckOptions]) -> AsyncIterator[Event]:
    """:func:`exercise` for programs with an event loop. Cancelling or closing it ends every server it has started."""
    return _events_async(paths, options)


def _events_async(paths: Iterable[str | Path], options: CheckOptions) -> AsyncGenerator[Event, None]:
    from graphval.asynchronous import in_thread

    chosen = tuple(paths)
    return in_thread(lambda: exercise(chosen, **options))


def write_report(report: Report, form: str, file: str | Path) -> None:
    """Write a report to a file.

    ``form``: ``text``, ``json``, ``sarif``, ``junit``, ``github``, ``gitlab``, ``markdown`` or ``html``; another one is
    a :class:`ValueError`. Raises :class:`OSError` where the file cannot be written.
    """
    from pathlib import Path

    from graphval.events import Done
    from graphval.report.form import Format
    from graphval.reporting import listener

    chosen = Format(form)
    with Path(file).open("w", encoding="utf-8", errors="backslashreplace") as stream:
        listener(chosen, stream)(Done(report))


def _report(events: Iterator[Event]) -> Report:
    from graphval.events import Done

    for event in events:
        if isinstance(event, Done):
            return event.report
    raise AssertionError("a run ends with Done")


class _Package(ModuleType):
    """This package, whose function ``check`` is not replaced by its module of the same name, as an import of that would
    otherwise do. ``from graphval.check import …`` reaches the module."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name == "check" and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

_DATA = ("Finding", "GraphReport", "Report", "Severity", "Span", "Verdict")


def __getattr__(name: str) -> object:
    """The types of a report, imported when they are first asked for."""
    if name in _DATA:
        from graphval import findings

        return getattr(findings, name)
    raise AttributeError(f"module 'graphval' has no attribute {name!r}")


__all__ = [
    "Finding",
    "GraphReport",
    "Report",
    "Severity",
    "Span",
    "Verdict",
    "__version__",
    "check",
    "check_async",
    "exercise",
    "exercise_async",
    "lint",
    "lint_async",
    "write_report",
]
