"""What every command says to its user: exit codes, complaints, how mistakes end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import typer

EXIT_PASS, EXIT_FINDINGS, EXIT_USAGE, EXIT_INCONCLUSIVE = 0, 1, 2, 3
EXIT_INTERRUPTED, EXIT_TERMINATED = 130, 143


def new_program(**facts: Any) -> typer.Typer:
    """A program or group of commands. No rich, no completion: either would cost more time than linting a graph."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, **facts)


@contextmanager
def usage() -> Iterator[None]:
    """What a user can mend ends with exit code 2 and a line for each mistake, an engine nobody can get with 3."""
    try:
        yield
    except Exception as why:
        code = _code_of(why)
        if code is None:
            raise
        *before, last = str(why).split("\n")
        for line in before:
            say(line)
        complain(last, code)


def _code_of(why: Exception) -> int | None:
    """The exit code of what a user can mend; ``None`` for all else. Only who meets one imports where they come from."""
    from graphval.catalog import UnknownRelease
    from graphval.deployment import InputError
    from graphval.engines.interface import EngineError, UnknownEngine
    from graphval.settings import SettingsError

    match why:
        case SettingsError() | InputError() | UnknownEngine() | UnknownRelease():
            return EXIT_USAGE
        case EngineError():
            return EXIT_INCONCLUSIVE
    return None


def complain(message: str, code: int) -> NoReturn:
    """Say what is wrong and end with this exit code."""
    say(message)
    raise typer.Exit(code)


def cannot_write(file: Path, why: OSError) -> NoReturn:
    """End because ``file`` cannot be written."""
    if isinstance(why, FileNotFoundError) and not file.parent.is_dir():
        complain(f"cannot write {file}: there is no folder {file.parent}", EXIT_USAGE)
    complain(f"cannot write {file}: {why.strerror or why}", EXIT_USAGE)


def say(message: str) -> None:
    """One line on standard error, whatever the message holds."""
    from graphval.report.style import one_line

    typer.echo(f"graphval: {one_line(message)}", err=True)
