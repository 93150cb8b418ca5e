"""``--changed-since``: judge only what differs from a revision."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import typer

from graphval.cli.app import EXIT_PASS, usage
from graphval.cli.output import Shown, form_and_file, plain_listener, target
from graphval.report.form import Format

Samples = Mapping[str, tuple[Path, ...]]


def touched(
    paths: list[Path], revision: str | None, shown: Shown, samples: Path | None = None, named: Samples | None = None
) -> list[Path]:
    """The deployments that differ from a revision, all paths where none was asked for; if none does, the run is over
    before it began, with an empty report that passes. ``samples`` is the folder of request samples, ``named`` are files
    of single graphs."""
    if revision is None:
        return paths
    from graphval.run.changed import SAMPLES, changed_deployments

    with usage():
        found = changed_deployments(paths, revision, SAMPLES if samples is None else (samples,), named or {})
    if found:
        return found
    with ExitStack() as stack:
        targets = [(shown.format, shown.output), *(form_and_file(text) for text in shown.reports or ())]
        if shown.format is Format.TEXT:
            stack.enter_context(target(shown.output)).write(f"nothing to judge has changed since {revision}\n")
            targets = targets[1:]
        for form, file in targets:
            from graphval.events import Done
            from graphval.run.nothing import empty_report

            plain_listener(stack.enter_context(target(file)), form)(Done(empty_report()))
    raise typer.Exit(EXIT_PASS)
