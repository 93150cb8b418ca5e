"""Reading the text files of a deployment."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from graphval.textproto import MAX_BYTES, Problem, Source, decode

_AT_ONCE = 1 << 14
"""Bytes asked for before it is known how many there are. Most graphs have fewer, and room for all that is ever read
would cost more than reading them."""
MAX_MODEL_BYTES = 8 << 20
"""Of a JSON file of a model: its tokenizer may have tens of thousands of words in it."""


def read_text(
    path: str | Path, most: int = MAX_BYTES, *, regular: bool = False
) -> tuple[Source | None, list[Problem], str]:
    """The text of a file, problems with its bytes, and why it could not be read (empty if it could).

    Only regular files are read: a pipe or a device would block or never end; ``regular``: it is known that this is one.
    Of one larger than ``most`` bytes nothing is read.
    """
    shown = display(path)
    try:
        why_not = "" if regular else _why_not_regular(path)
        if why_not:
            return None, [], f"{shown} {why_not}"
        data = _bytes(path, most)
    except (OSError, ValueError) as why:
        return None, [], f"{shown} cannot be read: {getattr(why, 'strerror', None) or why}"
    source, problems = decode(data, shown, most)
    return source, problems, ""


def _bytes(path: str | Path, most: int) -> bytes:
    """What a file holds; of one that has more than ``most`` bytes at least one more. Raises :class:`OSError`."""
    number = os.open(path, os.O_RDONLY)  # a file object, and pathlib, would take more time than the reading
    try:
        data = os.read(number, _AT_ONCE)
        if not os.read(number, 1):
            return data
    finally:
        os.close(number)
    with open(path, "rb") as file:  # noqa: PTH123 - see above
        return file.read(most + 1)


def _why_not_regular(path: str | Path) -> str:
    """Why a path leads to no regular file, empty where it does. Raises :class:`OSError` where nobody can tell."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except ValueError:
        mode = 0
    except OSError as why:
        if why.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            raise
        mode = 0
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        return "is a directory"
    return "is no regular file" if os.path.lexists(path) else "does not exist"


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
    text = str(path)
    if not text.startswith(os.sep):
        return text
    here = os.getcwd()  # noqa: PTH109 - each file is shown, and pathlib takes ten times the time
    if text == here:
        return "."
    below = here if here.endswith(os.sep) else here + os.sep
    return text.removeprefix(below)
