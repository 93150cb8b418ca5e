"""The ``graphval`` command from start to end: signals, streams, exit codes."""

from __future__ import annotations

import errno
import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from graphval.cli.app import (
    EXIT_INCONCLUSIVE,
    EXIT_INTERRUPTED,
    EXIT_PASS,
    EXIT_TERMINATED,
    EXIT_USAGE,
    new_program,
    say,
)
from graphval.cli.commands import NAMES, Commands

if TYPE_CHECKING:
    from graphval.run.crew import Crew

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What the system says where nothing more can be written."""

app = new_program(
    name="graphval",
    cls=Commands,
    help="Check MediaPipe graphs for OpenVINO Model Server before they are deployed.",
    epilog="Exit codes: 0 pass, 1 findings at or above --fail-on, 2 usage or unreadable input, 3 inconclusive.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from graphval.cli.first_contact import versions

        typer.echo("\n".join(versions()))
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print all versions that matter and leave."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        from graphval.cli.first_contact import look_around

        typer.echo("\n".join(look_around(Path())))
        raise typer.Exit(EXIT_USAGE)


def _terminate(_number: int, _frame: object) -> NoReturn:
    # An exception, so that every server on the way up is ended.
    raise SystemExit(EXIT_TERMINATED)


def _invoke(judges: Crew | None) -> int:
    """Run the command line and write all it had to say; the exit code.

    This is not Typer's own main, whose exit code for a reader that has left is 1, which means findings.
    """
    try:
        with typer.main.get_command(app).make_context("graphval", sys.argv[1:], obj=judges) as context:
            context.command.invoke(context)
        code = EXIT_PASS
    except typer.Exit as end:
        code = end.exit_code
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    sys.stdout.flush()
    return code


def _path_for_a_command() -> str:
    """What to say where a path stands in the place of the command; empty if none does."""
    first = sys.argv[1] if len(sys.argv) > 1 else ""
    if not first or first.startswith("-") or first in NAMES or not Path(first).exists():
        return ""
    return f"{first} is a path, and a command must stand before it: graphval lint {first}"


def _missing_argument(message: str) -> str:
    """What to say where a command got no path or code; empty where that is not what is missing."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if message.startswith("Missing argument 'code'"):
        return f"{command} needs the code or name of a rule, like graphval {command} GV501; graphval rules lists them"
    if not message.startswith("Missing argument 'PATH"):
        return ""
    return f"{command} needs a path, like graphval {command} . for this folder; graphval alone says what can be checked"


def _helpful() -> str:
    """The command that tells what can be written here."""
    command = sys.argv[1] if sys.argv[1:2] and sys.argv[1] in NAMES else ""
    return " ".join(filter(None, ["graphval", command, "--help"]))


def _write_nothing_more() -> None:
    """Let nothing more be written to standard output, not even by the interpreter's own flush."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(judges: Crew | None = None) -> NoReturn:
    """The ``graphval`` command. ``judges`` are processes that judge for ``lint``."""
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # File names need not be text, and terminals need not be UTF-8.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _invoke(judges)
    except typer.TyperException as why:
        message = why.format_message()
        say(_path_for_a_command() or _missing_argument(message) or f"{message.rstrip('.')}; see {_helpful()}")
        code = EXIT_USAGE
    except BrokenPipeError:
        _write_nothing_more()  # whoever read the report has left
        code = EXIT_INCONCLUSIVE
    except Exception as why:  # noqa: BLE001 - whatever is left is a bug of ours: show it whole, and claim nothing
        if isinstance(why, OSError) and why.errno in _NO_ROOM:
            _write_nothing_more()
            where = f" {why.filename}" if why.filename else ""
            say(f"cannot write{where}: {why.strerror}; no verdict was reached")
        else:
            from traceback import print_exc

            print_exc()
            say("this is a bug of graphval; no verdict was reached")
        code = EXIT_INCONCLUSIVE
    # All is said and ended; whoever insists would only be told of the interpreter's own end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if code == EXIT_INTERRUPTED:
        say("interrupted")
    sys.exit(code)
