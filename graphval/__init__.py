"""graphval checks MediaPipe graphs for OpenVINO Model Server (OVMS) before they are deployed.

::

    import graphval

    report = graphval.lint(["deploy/"])           # files only, milliseconds
    report = graphval.check(["deploy/"])          # and a throw-away server per deployment
    for event in graphval.exercise(["deploy/"]):  # the same, step by step
        ...

Errors: :class:`graphval.deployment.InputError` where a path cannot be judged, :class:`graphval.catalog.UnknownRelease`,
:class:`graphval.settings.SettingsError` where a setting cannot be used,
:class:`graphval.engines.interface.EngineError` where the engine asked for cannot be had. Everything that is wrong with
a deployment is a finding of the report, never an exception.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from graphval.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from graphval.events import Event
    from graphval.exercise import Terms
    from graphval.findings import Report
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
    from graphval.in_force import asked_for, over_file

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
) -> Report:
    """Judge files, then start a throw-away server per deployment and ask it about every graph.

    Settings are those of :func:`lint`; as there, no settings file is read but the one that ``settings`` names.
    """
    return _report(
        exercise(
            paths,
            engine=engine,
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
        )
    )


def exercise(
    paths: Iterable[str | Path],
    *,
    engine: str = "auto",
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
) -> Iterator[Event]:
    """:func:`check` as a stream of events, the last of which is :class:`graphval.events.Done`.

    Closing the iterator ends every server it has started.
    """
    from graphval.check import check_events
    from graphval.in_force import asked_for, over_file

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
    return check_events(paths, over_file(asked, settings), engine=engine, terms=terms)


def _report(events: Iterator[Event]) -> Report:
    from graphval.events import Done

    for event in events:
        if isinstance(event, Done):
            return event.report
    raise AssertionError("a run ends with Done")


class _Package(ModuleType):
    """This package, whose functions ``check`` and ``exercise`` are not replaced by its modules of the same names, as an
    import of those would otherwise do. ``from graphval.check import …`` reaches the modules."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in ("check", "exercise") and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

__all__ = ["__version__", "check", "exercise", "lint"]
