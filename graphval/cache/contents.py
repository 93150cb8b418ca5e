"""What files and folders hold, as digests.

Small files are read each time. A large one is not read again as long as device, inode, size, time of the last change
and time of the last change of status (ctime) are those at which it was read, for a model may have gigabytes. This
assumes what git assumes of its index, and less: the kernel sets the ctime at every write, and no program can set it
back. Only a file system without these times, or a clock that was put back, could hide a change. A file that changed
within the last seconds before it was read is not remembered, since a further change may fall into the same tick.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from graphval.replace_file import replace_file

LARGE = 1 << 20
"""Bytes from which on a digest is remembered."""

MOST_FILES = 20_000
"""A folder of more is taken for something else than a deployment's."""

_MOST_REMEMBERED = 4096
_TICK = 2.0
_APART = frozenset({"__pycache__", ".git"})
"""Folders that hold nothing a verdict depends on, and change without it."""


class TooManyFiles(Exception):
    """A folder is too large to be looked through."""


class Contents:
    """Digests of files and folders. ``memory`` is the file that remembers those of large files, whose folder is no part
    of any other; ``None``: none does."""

    def __init__(self, memory: Path | None) -> None:
        self._memory = memory
        self._own = Path(os.path.abspath(memory.parent)) if memory is not None else None
        self._known: dict[str, str] | None = None
        self._met: dict[str, str] = {}

    def of(self, path: Path) -> str:
        """The digest of a file, or of a folder with all in it, links followed; of what is not there it says so.

        Names, permissions and owners count besides contents. Raises :class:`TooManyFiles`.
        """
        try:
            status = path.stat()
        except OSError as why:
            return f"none: {why.errno}"
        if not stat.S_ISDIR(status.st_mode):
            return self._of_file(path, status)
        total = sha256()
        for position, (name, told) in enumerate(self._below(path, "", ((status.st_dev, status.st_ino),))):
            if position >= MOST_FILES:
                raise TooManyFiles(f"{path} holds more than {MOST_FILES:,} files")
            total.update(f"{name}\0{told}\n".encode("utf-8", "surrogateescape"))
        return f"folder {_rights(status)} {total.hexdigest()}"

    def of_installed(self, folder: Path) -> str:
        """The digest of a folder that is as a rule not written to, like a package: remembered as one large file is."""
        marks = sha256()
        last = 0.0
        for path, status in _walk(folder):
            last = max(last, status.st_mtime, status.st_ctime)
            marks.update(f"{path} {_mark(status)}\n".encode("utf-8", "surrogateescape"))
        name = f"folder {marks.hexdigest()}"
        known = self._met.get(name) or self._remembered().get(name)
        if known is None:
            begun = time.time()
            known = self.of(folder)
            if last < begun - _TICK:
                self._met[name] = known
        return known

    def remember(self) -> None:
        """Write down what has been read, for the next run. What cannot be written is read again then."""
        if self._memory is None or not self._met:
            return
        known = {**self._remembered(), **self._met}
        kept = dict(list(known.items())[-_MOST_REMEMBERED:])
        try:
            replace_file(self._memory, json.dumps(kept).encode("ascii"))
        except OSError:
            return
        self._known, self._met = kept, {}

    def _below(self, folder: Path, before: str, above: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, str]]:
        try:
            names = sorted(entry.name for entry in os.scandir(folder))
        except OSError as why:
            yield before, f"none: {why.errno}"
            return
        for name in names:
            path = folder / name
            try:
                status = path.stat()
            except OSError as why:
                yield before + name, f"none: {why.errno}"
                continue
            if not stat.S_ISDIR(status.st_mode):
                yield before + name, self._of_file(path, status)
            elif name not in _APART and path != self._own:
                place = (status.st_dev, status.st_ino)
                yield before + name, f"folder {_rights(status)}"
                if place not in above:
                    yield from self._below(path, f"{before}{name}/", (*above, place))

    def _of_file(self, path: Path, status: os.stat_result) -> str:
        if not stat.S_ISREG(status.st_mode):
            # A pipe or a device would block or never end.
            return f"special {stat.S_IFMT(status.st_mode)}"
        try:
            return f"file {_rights(status)} {self._digest(path, status)}"
        except OSError as why:
            return f"none: {why.errno}"

    def _digest(self, path: Path, status: os.stat_result) -> str:
        if status.st_size < LARGE or self._memory is None:
            return sha256(path.read_bytes()).hexdigest() if status.st_size < LARGE else _read(path)
        name = _mark(status)
        known = self._met.get(name) or self._remembered().get(name)
        if known is not None:
            return known
        begun = time.time()
        digest = _read(path)
        if max(status.st_mtime, status.st_ctime) < begun - _TICK:
            self._met[name] = digest
        return digest

    def _remembered(self) -> dict[str, str]:
        if self._known is None:
            self._known = {}
            try:
                found = json.loads(self._memory.read_bytes()) if self._memory is not None else {}
            except (OSError, ValueError, RecursionError):
                found = {}
            if isinstance(found, dict):
                self._known = {mark: told for mark, told in found.items() if isinstance(told, str)}
        return self._known


def _walk(folder: str | Path) -> Iterator[tuple[str, os.stat_result]]:
    """All files below a folder, in the order of their names."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if not entry.is_dir():
            yield entry.path, entry.stat()
        elif entry.name not in _APART:
            yield from _walk(entry.path)


def _mark(status: os.stat_result) -> str:
    return f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _rights(status: os.stat_result) -> str:
    """Who may read it: the server in a container is another user than we are."""
    return f"{stat.S_IMODE(status.st_mode):o} {status.st_uid} {status.st_gid}"


def _read(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
