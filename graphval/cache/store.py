"""The folder that verdicts are kept in: one file each, replaced as a whole, bounded by age and size.

Several runs may use it at once: whoever reads an entry finds it whole or not at all. An entry that is cut off, altered,
of another user or too old is none.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from graphval.replace_file import replace_file

LONGEST = 14 * 86400.0
"""Seconds after which a verdict is no longer taken."""

MOST_BYTES = 64 << 20
_UNFINISHED = 3600.0
"""Seconds after which a file that somebody began to write is taken to be given up."""

_AHEAD = 60.0
"""Seconds by which a clock may be ahead of that of a file's writer."""


def usual_folder() -> Path:
    """Where verdicts are kept unless somebody says otherwise: the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "graphval" / "verdicts"


def folder_of(said: bool | str | Path | None) -> Path | None:
    """The folder that is meant: true and ``None`` are the usual one, false is none."""
    if said is False:
        return None
    return usual_folder() if said is None or said is True else Path(said)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was kept, and when it was judged, in seconds since 1970."""

    judged: float
    told: Mapping[str, Any]


class Store:
    """Entries by their keys in ``folder``, which is made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def memory(self) -> Path:
        """The file that remembers digests of large files."""
        return self.folder / "large-files.json"

    def find(self, key: str) -> Entry | None:
        """The entry of a key, or ``None`` where there is none that can be used."""
        file = self._file(key)
        try:
            if file.stat().st_uid != os.geteuid():
                return None
            head, _, body = file.read_bytes().partition(b"\n")
            if head != _head(key, body):
                return None
            document = json.loads(body)
            entry = Entry(float(document["judged"]), dict(document["told"]))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return entry if -_AHEAD <= time.time() - entry.judged <= LONGEST else None

    def keep(self, key: str, told: Mapping[str, Any]) -> bool:
        """Keep an entry; whether that could be done."""
        body = json.dumps({"judged": time.time(), "told": told}).encode("ascii")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self._file(key), _head(key, body) + b"\n" + body)
        except OSError:
            return False
        self.prune()
        return True

    def prune(self) -> int:
        """Remove entries that are too old, the oldest of those that are too much, and what was never finished; how many
        there were."""
        now, room, removed = time.time(), MOST_BYTES, 0
        for changed, size, file in sorted(self._files(), reverse=True):
            room -= size
            longest = _UNFINISHED if file.name.endswith(".partial") else LONGEST
            if room < 0 or now - changed > longest:
                removed += _remove(file)
        return removed

    def clear(self) -> int:
        """Remove everything that was kept; how many files there were."""
        return sum(_remove(file) for _, _, file in self._files())

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.verdict"

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Files of ours with the time of their last change and their size; whatever else lies there is let be."""
        try:
            found = list(os.scandir(self.folder))
        except OSError:
            return
        for entry in found:
            if entry.name.endswith((".verdict", ".partial")) or entry.name == self.memory.name:
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                yield status.st_mtime, status.st_size, Path(entry.path)


def _head(key: str, body: bytes) -> bytes:
    """What the first line must be for the rest to be what was written."""
    return sha256(key.encode("ascii") + b"\n" + body).hexdigest().encode("ascii")


def _remove(file: Path) -> bool:
    try:
        file.unlink()
    except OSError:
        return False
    return True
