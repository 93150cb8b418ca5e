"""Reading the text files of a deployment."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from graphval.textproto import MAX_BYTES, Problem, Source, decode

MAX_MODEL_BYTES = 8 << 20
"""Of a JSON file of a model: its tokenizer may have tens of thousands of words in it."""


def read_text(path: str | Path, most: int = MAX_BYTES) -> tuple[Source | None, list[Problem], str]:
    """The text of a file, problems with its bytes, and why it could not be read (empty if it could).

    Only regular files are read: a pipe or a device would block or never end. Of one larger
    than ``most`` bytes nothing is.
    """
    shown = display(path)
    try:
        facts = _facts(path)
        mode = facts.st_mode if facts is not None else 0
        if stat.S_ISDIR(mode):
            return None, [], f"{shown} is a directory"
        if facts is None or not stat.S_ISREG(mode):
            return None, [], f"{shown} does not exist" if not os.path.lexists(path) else f"{shown} is no regular file"
        data = _bytes(path, facts.st_size, most)
    except (OSError, ValueError) as why:
        return None, [], f"{shown} cannot be read: {getattr(why, 'strerror', None) or why}"
    source, problems = decode(data, shown, most)
    return source, problems, ""


def _bytes(path: str | Path, size: int, most: int) -> bytes:
    """What a file of that size holds, up to a byte more than ``most``. Raises :class:`OSError`."""
    number = os.open(path, os.O_RDONLY)  # a file object, and pathlib, would take more time than the reading
    try:
        # Room for all that is ever read would cost more than reading the file.
        data = os.read(number, min(size, most) + 1)
    finally:
        os.close(number)
    if len(data) in (size, most + 1):
        return data
    with open(path, "rb") as file:  # noqa: PTH123 - it has changed, or it has no size, like those of /proc
        return file.read(most + 1)


def _facts(path: str | Path) -> os.stat_result | None:
    """What the system knows of the file a path leads to, ``None`` where it leads nowhere. Raises :class:`OSError` where
    nobody can tell."""
    try:
        return os.stat(path)  # noqa: PTH116
    except ValueError:
        return None
    except OSError as why:
        if why.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        raise


def exists(path: str | Path) -> bool:
    """Whether a path leads to something; one that cannot be looked at does not."""
    return os.path.exists(path)  # noqa: PTH110 - pathlib raises for a name that no file system takes


def is_file(path: str | Path) -> bool:
    """Whether a path leads to a regular file; one that cannot be looked at (name too long, loop of links) does not."""
    return os.path.isfile(path)  # noqa: PTH113 - many files are asked about, and pathlib takes twice the time


def is_directory(path: str | Path) -> bool:
    """Whether a path leads to a directory; one that cannot be looked at does not."""
    return os.path.isdir(path)  # noqa: PTH112


def display(path: str | Path) -> str:
    """A path as messages show it: relative to the working directory where it lies below it."""
    text, here = str(path), os.getcwd()  # noqa: PTH109 - each file is shown, and pathlib takes ten times the time
    if text == here:
        return "."
    below = here if here.endswith(os.sep) else here + os.sep
    return text.removeprefix(below)
