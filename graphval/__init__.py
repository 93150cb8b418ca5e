"""graphval checks MediaPipe graphs for OpenVINO Model Server (OVMS) before they are deployed.

::

    import graphval

    report = graphval.lint(["deploy/"])           # files only, milliseconds
    report = graphval.check(["deploy/"])          # and a throw-away server per deployment
    for event in graphval.exercise(["deploy/"]):  # the same, step by step
        ...

Errors: :class:`graphval.deployment.InputError` where a path cannot be judged, :class:`graphval.catalog.UnknownRelease`,
:class:`graphval.engines.interface.EngineError` where the engine asked for cannot be had. Everything that is wrong with
a deployment is a finding of the report, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from graphval.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from graphval.events import Event
    from graphval.exercise import Terms
    from graphval.findings import Report


def lint(paths: Iterable[str | Path], *, ovms_version: str | None = None, no_models: bool = False) -> Report:
    """Judge files alone. ``no_models``: models and files that graphs name are not at hand."""
    from graphval.check import lint_events

    return _report(lint_events(paths, ovms_version=ovms_version, no_models=no_models))


def check(
    paths: Iterable[str | Path],
    *,
    engine: str = "auto",
    ovms_version: str | None = None,
    no_models: bool = False,
    terms: Terms | None = None,
) -> Report:
    """Judge files, then start a throw-away server per deployment and ask it about every graph."""
    return _report(exercise(paths, engine=engine, ovms_version=ovms_version, no_models=no_models, terms=terms))


def exercise(
    paths: Iterable[str | Path],
    *,
    engine: str = "auto",
    ovms_version: str | None = None,
    no_models: bool = False,
    terms: Terms | None = None,
) -> Iterator[Event]:
    """:func:`check` as a stream of events, the last of which is :class:`graphval.events.Done`.

    Closing the iterator ends every server it has started.
    """
    from graphval.check import check_events

    return check_events(paths, engine=engine, ovms_version=ovms_version, no_models=no_models, terms=terms)


def _report(events: Iterator[Event]) -> Report:
    from graphval.events import Done

    for event in events:
        if isinstance(event, Done):
            return event.report
    raise AssertionError("a run ends with Done")


__all__ = ["__version__", "check", "exercise", "lint"]
