"""``TAG:index:name`` lists and how MediaPipe reads them.

Source: MediaPipe ``framework/tool/validate_name.cc`` and ``framework/tool/tag_map.cc`` (fork of OVMS 2026.4), with the
numbering that the real server was seen to use: ``TAG:name`` always means index 0, only untagged entries are numbered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from graphval.textproto import BoundField, BoundMessage, Place

TAG_INDEX_NAME = re.compile(r"(?:(?P<tag>[A-Z_][A-Z0-9_]*):(?:(?P<index>0|[1-9][0-9]*):)?)?(?P<name>[a-z_][a-z0-9_]*)")
TAG_INDEX = re.compile(r"(?P<tag>[A-Z_][A-Z0-9_]*)?(?::(?P<index>0|[1-9][0-9]*))?")
MAX_INDEX = 10_000


class Connection:
    """One entry of a stream or side packet list.

    ``text`` is the entry as written. Where it does not follow the form (``valid`` is false), ``tag`` and ``name`` are
    the best guess (the parts before and behind the last colon), so that wiring can still be followed. Nobody changes
    one once it is made.
    """

    __slots__ = ("_entry", "index", "name", "tag", "text", "valid")

    def __init__(self, entry: BoundField, text: str, tag: str, index: int, name: str, valid: bool) -> None:
        self._entry = entry
        self.text = text
        self.tag = tag
        self.index = index
        self.name = name
        self.valid = valid

    def __repr__(self) -> str:
        return f"Connection({self.text!r})"

    @property
    def place(self) -> Place:
        return self._entry.place

    @property
    def tag_index(self) -> str:
        """``TAG:index``, MediaPipe's way to write an id (an untagged one is ``:index``)."""
        return f"{self.tag}:{self.index}"


class TagMap(list[Connection]):
    """The entries of one list in text order, and what keeps MediaPipe from making a tag map of them.

    ``clashes`` are pairs (first, second) that claim the same tag and index, ``gaps`` each a tag, a missing index, and
    the entry with the next higher index; the list is ``sound`` if MediaPipe could build a tag map from it. Nobody
    changes one once it is made.
    """

    __slots__ = ("at", "clashes", "gaps", "malformed", "sound")

    def __init__(self, fields: Iterable[BoundField]) -> None:
        """``fields`` are those of a list of strings."""
        self.at: dict[tuple[str, int], Connection] = {}
        """The first entry of each tag and index: lists can be long, and look-ups are many."""
        self.malformed: Sequence[Connection] = ()
        self.clashes: Sequence[tuple[Connection, Connection]] = ()
        self.gaps: Sequence[tuple[str, int, Connection]] = ()
        at, untagged, all_valid, numbered = self.at, 0, True, False
        for entry in fields:
            text = entry.value
            assert isinstance(text, str)
            tag, index, name, valid = _parts(text)
            if not tag:
                index, untagged = untagged, untagged + 1
            elif index:
                numbered = True
            if not valid:
                all_valid = False
            connection = Connection(entry, text, tag, index, name, valid)
            self.append(connection)
            at.setdefault((tag, index), connection)
        self.sound = all_valid and not numbered and len(at) == len(self)  # as nearly always
        if not self.sound:
            self.malformed = [connection for connection in self if not connection.valid]
            self.clashes = list(_clashes(self))
            self.gaps = [] if self.malformed else list(_gaps(self))  # a gap may be what could not be read
            self.sound = not (self.malformed or self.clashes or self.gaps)

    @property
    def tags(self) -> set[str]:
        return {c.tag for c in self}

    def of(self, tag: str) -> list[Connection]:
        """Entries of one tag (``""``: untagged), by index."""
        return sorted((c for c in self if c.tag == tag), key=lambda c: c.index)

    def get(self, tag: str, index: int = 0) -> Connection | None:
        return self.at.get((tag, index))

    def has(self, tag: str) -> bool:
        return any(c.tag == tag for c in self)

    def find(self, tag_index: str) -> Connection | None:
        """The entry that a ``tag_index`` option (``TAG``, ``TAG:1``, ``:1`` or empty) means, ``None`` if none."""
        parsed = parse_tag_index(tag_index)
        return self.get(*parsed) if parsed is not None else None


@lru_cache(maxsize=1000)
def parse_tag_index(text: str) -> tuple[str, int] | None:
    """Tag and index of a ``tag_index`` option; ``None`` where MediaPipe's ``ParseTagIndex`` refuses the text."""
    match = TAG_INDEX.fullmatch(text)
    index = _index(match) if match is not None else None
    return (match["tag"] or "", index) if match is not None and index is not None else None


def _index(match: re.Match[str]) -> int | None:
    """The index of a match, ``None`` beyond MediaPipe's limit (digits without end are not even counted)."""
    digits = match["index"] or "0"
    return int(digits) if len(digits) <= len(str(MAX_INDEX)) and int(digits) <= MAX_INDEX else None


@lru_cache(maxsize=10_000)
def _parts(text: str) -> tuple[str, int, str, bool]:
    """Tag, index (of a tagged entry), name and whether the entry is valid. A stream is written where it is made and
    where it is read, so most entries are met more than once."""
    match = TAG_INDEX_NAME.fullmatch(text)
    index = _index(match) if match is not None else None
    if match is not None and index is not None:
        return match["tag"] or "", index, match["name"], True
    head, _, name = text.rpartition(":")
    return head.partition(":")[0], 0, name, False


_NO_ENTRIES = TagMap(())


def read_tag_map(message: BoundMessage, name: str) -> TagMap:
    """The tag map of the list ``name`` of a node or graph."""
    fields = message.by_name.get(name)
    return TagMap(fields) if fields is not None else _NO_ENTRIES


def _clashes(connections: Iterable[Connection]) -> Iterator[tuple[Connection, Connection]]:
    taken: dict[tuple[str, int], Connection] = {}
    for connection in connections:
        if connection.valid:
            first = taken.setdefault((connection.tag, connection.index), connection)
            if first is not connection:
                yield first, connection


def _gaps(connections: Iterable[Connection]) -> Iterator[tuple[str, int, Connection]]:
    by_tag: dict[str, list[Connection]] = {}
    for connection in connections:
        if connection.tag:
            by_tag.setdefault(connection.tag, []).append(connection)
    for tag, entries in by_tag.items():
        expected = 0
        for connection in sorted(entries, key=lambda c: c.index):
            if connection.index > expected:
                yield tag, expected, connection
            expected = connection.index + 1
