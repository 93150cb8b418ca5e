"""The command line: options in, events to a renderer, an exit code out. No logic of its own.

Exit codes: 0 pass, 1 findings at or above the threshold, 2 usage or input that cannot be read, 3 inconclusive.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from graphval.events import Done, Event
from graphval.findings import Report, Severity, Verdict
from graphval.version import __version__

EXIT_PASS, EXIT_FINDINGS, EXIT_USAGE, EXIT_INCONCLUSIVE, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="graphval",
    help="Check MediaPipe graphs for OpenVINO Model Server before they are deployed.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


class Color(StrEnum):
    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Paths = Annotated[list[Path], typer.Argument(help="Graph files, graph directories, config.json files, or folders of such.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Form of the report on standard output.")]
OutputOption = Annotated[Path | None, typer.Option("--output", help="Write the report there instead.")]
VersionOption = Annotated[str | None, typer.Option("--ovms-version", help="Release to judge by; the newest by default.")]
NoModelsOption = Annotated[bool, typer.Option("--no-models", help="Models and files that graphs name are not at hand.")]
FailOnOption = Annotated[Severity, typer.Option("--fail-on", help="Lowest severity that makes the exit code 1.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only findings and the last line.")]
VerboseOption = Annotated[int, typer.Option("--verbose", "-v", count=True, help="Also what was not exercised, and why.")]
ColorOption = Annotated[Color, typer.Option("--color", help="When to use colour.")]


@app.command()
def lint(paths: Paths, format: FormatOption = Format.TEXT, output: OutputOption = None,
         ovms_version: VersionOption = None, no_models: NoModelsOption = False,
         fail_on: FailOnOption = Severity.ERROR, quiet: QuietOption = False, verbose: VerboseOption = 0,
         color: ColorOption = Color.AUTO) -> None:
    """Check files only: milliseconds, nothing is started."""
    from graphval.check import lint_events

    events = lint_events(paths, ovms_version=ovms_version, no_models=no_models)
    _run(events, format, output, fail_on, quiet=quiet, verbose=verbose, color=color)


def _run(events: Iterable[Event], format: Format, output: Path | None, fail_on: Severity, *, quiet: bool, verbose: int,
         color: Color) -> None:
    """Show the events and leave with the run's exit code."""
    with _target(output) as stream:
        show = _renderer(format, stream, quiet=quiet, verbose=verbose, color=color)
        report: Report | None = None
        for event in _guarded(events):
            show(event)
            if isinstance(event, Done):
                report = event.report
    if report is None:
        raise typer.Exit(EXIT_INTERRUPTED)
    raise typer.Exit(exit_code(report, fail_on))


def exit_code(report: Report, fail_on: Severity) -> int:
    """What the run says to a shell."""
    weights = list(Severity)
    if any(weights.index(finding.severity) <= weights.index(fail_on) for finding in report.findings):
        return EXIT_FINDINGS
    if report.verdict is Verdict.FAIL:
        return EXIT_FINDINGS
    return EXIT_INCONCLUSIVE if report.verdict is Verdict.INCONCLUSIVE else EXIT_PASS


def _guarded(events: Iterable[Event]) -> Iterator[Event]:
    """Turn what the user can mend into one line on stderr and exit code 2 or 3."""
    from graphval.catalog import UnknownRelease
    from graphval.deployment import InputError
    from graphval.engines.interface import EngineError

    try:
        yield from events
    except (InputError, UnknownRelease) as why:
        _complain(str(why), EXIT_USAGE)
    except EngineError as why:
        _complain(str(why), EXIT_INCONCLUSIVE)


def _complain(message: str, code: int) -> None:
    typer.echo(f"graphval: {message}", err=True)
    raise typer.Exit(code)


class _target:  # noqa: N801 - used like the function open
    """Standard output, or a file that is replaced only when the report is complete."""

    def __init__(self, output: Path | None) -> None:
        self._output = output
        self._partial: Path | None = None
        self._stream: TextIO = sys.stdout

    def __enter__(self) -> TextIO:
        if self._output is not None:
            self._partial = self._output.with_name(self._output.name + ".partial")
            try:
                self._stream = self._partial.open("w", encoding="utf-8")
            except OSError as why:
                _complain(f"cannot write {self._output}: {why.strerror or why}", EXIT_USAGE)
        return self._stream

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._output is None or self._partial is None:
            return
        self._stream.close()
        if kind is None:
            os.replace(self._partial, self._output)
        else:
            self._partial.unlink(missing_ok=True)


def _renderer(format: Format, stream: TextIO, *, quiet: bool, verbose: int, color: Color) -> Callable[[Event], None]:
    if format is Format.JSON:
        from graphval.report.json_report import render

        def show(event: Event) -> None:
            if isinstance(event, Done):
                stream.write(render(event.report))

        return show
    from graphval.report.text import TextReport

    terminal = stream.isatty()
    colored = color is Color.ALWAYS or (color is Color.AUTO and terminal and not os.environ.get("NO_COLOR"))
    return TextReport(stream, color=colored, progress=terminal and not quiet, verbose=-1 if quiet else verbose).handle


@app.command()
def rules() -> None:
    """List every rule with its code."""
    from graphval.rules.registry import all_rules

    for rule in all_rules().values():
        typer.echo(f"{rule.code}  {rule.severity.value:7}  {rule.phase.value:6}  {rule.effect.value:6}  {rule.name}")


@app.command()
def explain(code: Annotated[str, typer.Argument(help="A code like GV501, or a rule's name.")]) -> None:
    """Explain a rule: what it looks for, why it matters, examples."""
    from graphval.rules.nearest import nearest
    from graphval.rules.registry import all_rules

    known = all_rules()
    rule = known.get(code.upper()) or next((rule for rule in known.values() if rule.name == code.lower()), None)
    if rule is None:
        names = {**{c: c for c in known}, **{r.name: r.name for r in known.values()}}
        near = nearest(code, names)
        _complain(f"there is no rule {code}" + (f"; did you mean {near}?" if near else "; see graphval rules"), EXIT_USAGE)
        return
    typer.echo(f"{rule.code} {rule.name} ({rule.severity.value}, phase {rule.phase.value}, effect {rule.effect.value})\n")
    typer.echo(rule.doc.strip())


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"graphval {__version__}")
        raise typer.Exit


@app.callback()
def _options(version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True,
                                                   help="Print the version and leave.")] = False) -> None:
    """Options of graphval itself."""


def main() -> None:
    """The ``graphval`` command."""
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("graphval: interrupted", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has left; what follows would only be a traceback on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_PASS)
