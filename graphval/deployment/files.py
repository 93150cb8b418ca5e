"""Reading the text files of a deployment."""

from __future__ import annotations

import os
from pathlib import Path

from graphval.textproto import MAX_BYTES, Problem, Source, decode


def read_text(path: Path, most: int = MAX_BYTES) -> tuple[Source | None, list[Problem], str]:
    """The text of a file, problems with its bytes, and why it could not be read (empty if it could).

    Only regular files are read: a pipe or a device would block or never end. ``most``: bytes that are read; of a larger
    file nothing is.
    """
    shown = display(path)
    try:
        if path.is_dir():
            return None, [], f"{shown} is a directory"
        if not path.is_file():
            return None, [], f"{shown} does not exist" if not os.path.lexists(path) else f"{shown} is no regular file"
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as why:
        return None, [], f"{shown} cannot be read: {getattr(why, 'strerror', None) or why}"
    source, problems = decode(data, shown, most)
    return source, problems, ""


def is_file(path: Path) -> bool:
    """Whether a path leads to a regular file; one that cannot be looked at (name too long, loop of links) does not."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_directory(path: Path) -> bool:
    """Whether a path leads to a directory; one that cannot be looked at does not."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def display(path: Path) -> str:
    """A path as messages show it: relative to the working directory where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
