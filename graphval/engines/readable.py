"""Which files another user could not read: a server in a container is not us."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Reader:
    """A user as file permissions know one; negative numbers own nothing here."""

    user: int
    group: int

    def __str__(self) -> str:
        return f"user {self.user}" if self.user >= 0 else "the server's user"

    def may(self, status: os.stat_result) -> bool:
        """Whether the user may read a file, or list and enter a folder."""
        if self.user == 0:
            return True
        shift = 6 if status.st_uid == self.user else 3 if status.st_gid == self.group else 0
        needed = 0o5 if stat.S_ISDIR(status.st_mode) else 0o4
        return (status.st_mode >> shift) & needed == needed


def reader_of(user: str, *, mapped: bool) -> Reader | None:
    """From ``UID:GID``; ``None`` for a name, which only the image can tell. ``mapped``: the numbers inside are others
    than ours, as in a rootless container."""
    number, _, group = user.partition(":")
    if not number.isdecimal():
        return None
    if mapped and number != "0":
        return Reader(-1, -1)
    return Reader(int(number), int(group) if group.isdecimal() else 0)


def unreadable(paths: Iterable[Path], reader: Reader, *, below: bool = True) -> Iterator[Path]:
    """Files and folders at these paths, and ``below`` them, that the user cannot read. What lies in a folder that it
    cannot enter is not named again."""
    for path in islice(_below(paths, reader) if below else paths, _MOST):
        try:
            if not reader.may(path.stat()):
                yield path
        except OSError:
            continue


def _below(paths: Iterable[Path], reader: Reader) -> Iterator[Path]:
    for path in paths:
        yield path
        try:
            if path.is_dir() and reader.may(path.stat()):
                yield from _below(sorted(path.iterdir()), reader)
        except OSError:
            continue
