"""What a server itself says it can run: the names it lists when it starts, kept for its image.

A custom build registers calculators that no release has. Names are all a server tells: of what it adds, contracts are
not known.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from graphval.catalog.release import Catalog, UnknownRelease, load, releases
from graphval.replace_file import replace_file

_KINDS = {
    "Calculators": "calculators",
    "Subgraphs": "subgraphs",
    "InputStreamHandlers": "input_stream_handlers",
    "OutputStreamHandlers": "output_stream_handlers",
}
_LIST = re.compile(r"Registered (Calculators|Subgraphs|InputStreamHandlers|OutputStreamHandlers): ([^\r\n]*)")
_VERSION = re.compile(r"OpenVINO Model Server (\d{4}\.\d+(?:\.\d+)?)")
_NAME = re.compile(r"[A-Za-z_][\w:]*(?:<[^<>]*>)?", re.ASCII)


class NothingListed(Exception):
    """A log that lists no calculators: the level is not DEBUG, or the server did not come so far."""


@dataclass(frozen=True, slots=True)
class Captured:
    """The names that a server registers. ``source`` is its image's digest or its executable; ``release`` the catalog
    that contracts are taken from, the closest to the version it tells."""

    source: str
    release: str
    calculators: tuple[str, ...]
    subgraphs: tuple[str, ...]
    input_stream_handlers: tuple[str, ...]
    output_stream_handlers: tuple[str, ...]


def read_log(stdout: str, source: str, release: str | None = None) -> Captured:
    """What a start-up log at DEBUG lists. ``release`` overrides what it says of its version. Raises
    :class:`NothingListed` and :class:`~graphval.catalog.UnknownRelease`."""
    found = {_KINDS[kind]: tuple(sorted(set(_NAME.findall(names)))) for kind, names in _LIST.findall(stdout)}
    if not found.get("calculators"):
        raise NothingListed("the server's log lists no calculators")
    told = _VERSION.search(stdout)
    closest = release or (_closest(told[1]) if told is not None else load().version)
    known = load(closest)
    return Captured(
        source,
        known.version,
        found["calculators"],
        *(
            found.get(kind) or tuple(sorted(getattr(known, kind)))
            for kind in ("subgraphs", "input_stream_handlers", "output_stream_handlers")
        ),
    )


def _closest(version: str) -> str:
    """The catalog of a version, or of the last release before it, or the oldest."""
    try:
        return load(version).version
    except UnknownRelease:
        before = [release for release in releases() if _number(release) <= _number(version)]
        return before[-1] if before else releases()[0]


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


class CapturedCatalog(Catalog):
    """A release's catalog with the names that one server registers."""

    def __init__(self, captured: Captured) -> None:
        super().__init__(captured.release)
        self.captured = captured

    @cached_property
    def calculators(self) -> frozenset[str]:
        return frozenset(self.captured.calculators)

    @cached_property
    def subgraphs(self) -> frozenset[str]:
        return frozenset(self.captured.subgraphs)

    @cached_property
    def input_stream_handlers(self) -> frozenset[str]:
        return frozenset(self.captured.input_stream_handlers)

    @cached_property
    def output_stream_handlers(self) -> frozenset[str]:
        return frozenset(self.captured.output_stream_handlers)


def folder() -> Path:
    """Where captured catalogs are kept: the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "graphval" / "catalogs"


def keep(captured: Captured) -> Path:
    """Write it down; the file."""
    file = _file(captured.source)
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, (json.dumps(asdict(captured), indent=1) + "\n").encode())
    return file


def kept(source: str) -> Captured | None:
    """What was captured of an image or executable, or ``None``. A file that cannot be read counts as none."""
    try:
        found: dict[str, Any] = json.loads(_file(source).read_text("utf-8"))
        names = {kind: tuple(map(str, found[kind])) for kind in _KINDS.values()}
        captured = Captured(source=str(found["source"]), release=load(found["release"]).version, **names)
    except (OSError, ValueError, TypeError, KeyError, UnknownRelease):
        return None
    return captured if captured.source == source else None


def _file(source: str) -> Path:
    return folder() / f"{hashlib.sha256(source.encode()).hexdigest()[:32]}.json"
