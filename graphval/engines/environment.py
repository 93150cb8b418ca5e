"""Variables for a server, as a user names them: ``NAME=VALUE``, ``NAME`` (the value is ours), or lines of a file.

The forms are those of ``docker run --env`` and ``--env-file``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class EnvironmentMistake(ValueError):
    """A line that names no variable, or a file that cannot be read. Never holds a value."""


def read_environment(given: Iterable[str], file: Path | None) -> dict[str, str]:
    """The variables; what is given by itself counts before what the file says. A name alone that is not set here is
    left out, as docker does."""
    return {**(_of_file(file) if file is not None else {}), **_of_words(given, "--env")}


def _of_file(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError as why:
        raise EnvironmentMistake(f"cannot read {file}: {why.strerror}") from why
    except UnicodeDecodeError as why:
        raise EnvironmentMistake(f"{file} is no UTF-8 text") from why
    read: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            read |= _of_words([line.lstrip()], f"{file}:{number}")
    return read


def _of_words(words: Iterable[str], where: str) -> dict[str, str]:
    read = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not _NAME.fullmatch(name):
            # The word may hold a secret, so it is not shown.
            raise EnvironmentMistake(f"{where} wants NAME=VALUE or NAME, the name of letters, digits and underscores")
        if equals:
            read[name] = value
        elif name in os.environ:
            read[name] = os.environ[name]
    return read
