"""Where a report goes: standard output or files, in one form or several, with progress on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple, NoReturn, TextIO

import typer

from graphval.cli.app import (
    EXIT_FINDINGS,
    EXIT_INCONCLUSIVE,
    EXIT_INTERRUPTED,
    EXIT_PASS,
    EXIT_USAGE,
    cannot_write,
    complain,
    say,
    usage,
)
from graphval.cli.options import Color
from graphval.events import ASKED_FOR, Done, EngineChosen, Event, Interrupted
from graphval.findings import Report, Severity, Verdict
from graphval.report.form import Format
from graphval.settings.model import Settings

STANDARD_OUTPUT = Path("-")


class Shown(NamedTuple):
    """Where a report goes, and how. ``reports`` are those that go to files besides, ``FORM=FILE`` each; ``detail``: -1
    findings only, 1 also what the engine did."""

    format: Format
    output: Path | None
    reports: list[str] | None
    detail: int
    color: Color


def detail_of(quiet: bool, verbose: bool) -> int:
    """``Shown.detail`` as the command line says it."""
    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose exclude each other")
    return 1 if verbose else -1 if quiet else 0


def run(
    events: Iterator[Event],
    settings: Settings,
    shown: Shown,
    write_baseline: Path | None,
    also: Sequence[Callable[[Event], None]] = (),
) -> NoReturn:
    """Hand the events to the renderers, and to whoever ``also`` listens, and leave with the run's exit code."""
    more = [form_and_file(text) for text in shown.reports or ()]
    with usage():
        if write_baseline is not None:
            write_baseline_file(whole(events), write_baseline)
        with ExitStack() as stack:
            stream = stack.enter_context(target(shown.output))
            listeners = [*also, listener_of(stream, shown.format, shown.detail, shown.color)]
            listeners += [plain_listener(stack.enter_context(target(file)), form) for form, file in more]
            report, interrupted = listen(events, listeners)
    raise typer.Exit(EXIT_INTERRUPTED if interrupted else exit_code(report, settings.threshold))


def exit_code(report: Report, fail_on: Severity) -> int:
    """What the run says to a shell."""
    failing = list(Severity)[: list(Severity).index(fail_on) + 1]
    if report.verdict is Verdict.FAIL or any(finding.severity in failing for finding in report.findings):
        return EXIT_FINDINGS
    return EXIT_INCONCLUSIVE if report.verdict is Verdict.INCONCLUSIVE else EXIT_PASS


def form_and_file(text: str) -> tuple[Format, Path]:
    """What ``--report`` says."""
    form, _, file = text.partition("=")
    if form not in list(Format) or not file:
        forms = ", ".join(Format)
        complain(f"--report wants FORM=FILE, the form one of {forms}; this is {text}", EXIT_USAGE)
    return Format(form), Path(file)


def write_baseline_file(report: Report, file: Path) -> NoReturn:
    """Write the findings of a run as a baseline, and leave."""
    from graphval.run.baseline import write_baseline

    try:
        count = write_baseline(file, report.findings)
    except OSError as why:
        cannot_write(file, why)
    say(f"{file} knows {count} finding{'' if count == 1 else 's'}")
    raise typer.Exit(EXIT_PASS)


def listen(events: Iterator[Event], listeners: Sequence[Callable[[Event], None]]) -> tuple[Report, bool]:
    """The report that ends the stream, and whether the run was interrupted. Whatever happens, what the run has started
    is ended with it."""
    assert isinstance(events, Generator)
    interrupted = False
    with closing(events):
        for event in events:
            for listener in listeners:
                listener(event)
            match event:
                case Interrupted():
                    interrupted = True
                case Done(report):
                    return report, interrupted
                case _:
                    continue
    raise AssertionError("a run ends with Done")


def whole(events: Iterator[Event]) -> Report:
    """The report of a run that nobody interrupts."""
    report, interrupted = listen(events, ())
    if interrupted:
        raise KeyboardInterrupt
    return report


def listener_of(stream: TextIO, format: Format, detail: int, color: Color) -> Callable[[Event], None]:
    """The renderer for ``stream``, and a line of progress on the terminal if there is one."""
    from graphval.reporting import listener

    colored = color is Color.ALWAYS or (
        color is Color.AUTO and stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    show = listener(format, stream, color=colored, detail=detail)
    if detail < 0:
        return show
    if detail == 0 or format is not Format.TEXT:
        show = _after_the_engine(show)
    if not sys.stderr.isatty():
        return show
    from graphval.report.progress import Progress

    progress = Progress(sys.stderr)

    def show_both(event: Event) -> None:
        progress.clear()
        show(event)
        progress.handle(event)

    return show_both


def _after_the_engine(show: Callable[[Event], None]) -> Callable[[Event], None]:
    """Say which engine was taken and why, where nobody named one: it decides what a verdict is worth."""

    def told(event: Event) -> None:
        if isinstance(event, EngineChosen) and event.reason != ASKED_FOR:
            say(f"engine {event.engine}: {event.reason}")
        show(event)

    return told


def plain_listener(stream: TextIO, format: Format) -> Callable[[Event], None]:
    """The renderer of a report that goes to a file beside the one that is shown."""
    from graphval.reporting import listener

    return listener(format, stream)


@contextmanager
def target(output: Path | None) -> Iterator[TextIO]:
    """Standard output where no file is named, or ``-``; else a file that is replaced only when the report is
    complete."""
    if output is None or output == STANDARD_OUTPUT:
        yield sys.stdout
        return
    try:
        # A device or a pipe is written to, never replaced. (Where /dev/stdout leads to a pipe, the pipe has no path.)
        file = output.resolve() if output.is_file() or not output.exists() else output
        partial = file if file is output else file.with_name(f".{file.name}.partial")
        stream = partial.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as why:
        cannot_write(output, why)
    try:
        with stream:
            yield stream
        if partial != file:
            partial.replace(file)
    finally:
        if partial != file:
            partial.unlink(missing_ok=True)
