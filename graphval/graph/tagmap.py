"""``TAG:index:name`` lists and how MediaPipe reads them.

Source: MediaPipe ``framework/tool/validate_name.cc`` and ``framework/tool/tag_map.cc`` (fork of OVMS 2026.4), with the
numbering that the real server was seen to use: ``TAG:name`` always means index 0, only untagged entries are numbered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphval.textproto import BoundField, Place

TAG_INDEX_NAME = re.compile(r"(?:(?P<tag>[A-Z_][A-Z0-9_]*):(?:(?P<index>0|[1-9][0-9]*):)?)?(?P<name>[a-z_][a-z0-9_]*)")
TAG_INDEX = re.compile(r"(?P<tag>[A-Z_][A-Z0-9_]*)?(?::(?P<index>0|[1-9][0-9]*))?")
MAX_INDEX = 10_000


@dataclass(frozen=True, slots=True)
class Connection:
    """One entry of a stream or side packet list.

    ``text`` is the entry as written. Where it does not follow the form (``valid`` is false), ``tag`` and ``name`` are
    the best guess (the parts before and behind the last colon), so that wiring can still be followed.
    """

    text: str
    tag: str
    index: int
    name: str
    valid: bool
    place: Place

    @property
    def tag_index(self) -> str:
        """``TAG:index``, MediaPipe's way to write an id (an untagged one is ``:index``)."""
        return f"{self.tag}:{self.index}"


@dataclass(slots=True)
class TagMap:
    """The entries of one list in text order, and what keeps MediaPipe from making a tag map of them."""

    connections: list[Connection] = field(default_factory=list)
    malformed: list[Connection] = field(default_factory=list)
    clashes: list[tuple[Connection, Connection]] = field(default_factory=list)
    """Pairs (first, second) that claim the same tag and index."""
    gaps: list[tuple[str, int, Connection]] = field(default_factory=list)
    """Tag, missing index, and the entry with the next higher index."""

    def __iter__(self) -> Iterator[Connection]:
        return iter(self.connections)

    def __len__(self) -> int:
        return len(self.connections)

    @property
    def sound(self) -> bool:
        """Whether MediaPipe could build a tag map from the list."""
        return not (self.malformed or self.clashes or self.gaps)

    @property
    def tags(self) -> set[str]:
        return {c.tag for c in self.connections}

    def of(self, tag: str) -> list[Connection]:
        """Entries of one tag (``""``: untagged), by index."""
        return sorted((c for c in self.connections if c.tag == tag), key=lambda c: c.index)

    def get(self, tag: str, index: int = 0) -> Connection | None:
        return next((c for c in self.connections if c.tag == tag and c.index == index), None)

    def has(self, tag: str) -> bool:
        return any(c.tag == tag for c in self.connections)

    def find(self, tag_index: str) -> Connection | None:
        """The entry that a ``tag_index`` option (``TAG``, ``TAG:1``, ``:1`` or empty) means, ``None`` if none."""
        parsed = parse_tag_index(tag_index)
        return self.get(*parsed) if parsed is not None else None


def parse_tag_index(text: str) -> tuple[str, int] | None:
    """Tag and index of a ``tag_index`` option; ``None`` where MediaPipe's ``ParseTagIndex`` refuses the text."""
    match = TAG_INDEX.fullmatch(text)
    if match is None or int(match["index"] or 0) > MAX_INDEX:
        return None
    return match["tag"] or "", int(match["index"] or 0)


def read_tag_map(fields: Iterable[BoundField]) -> TagMap:
    """The tag map of a list of bound string fields."""
    tag_map = TagMap()
    untagged = 0
    taken: dict[tuple[str, int], Connection] = {}
    for entry in fields:
        text = entry.string
        match = TAG_INDEX_NAME.fullmatch(text)
        valid = match is not None and int(match["index"] or 0) <= MAX_INDEX
        if match is not None and valid:
            tag, name = match["tag"] or "", match["name"]
            index = int(match["index"] or 0)
        else:
            head, _, name = text.rpartition(":")
            tag, index = head.partition(":")[0], 0
        if not tag:
            index, untagged = untagged, untagged + 1
        connection = Connection(text, tag, index, name, valid, entry.place)
        tag_map.connections.append(connection)
        if not valid:
            tag_map.malformed.append(connection)
            continue
        first = taken.setdefault((tag, index), connection)
        if first is not connection:
            tag_map.clashes.append((first, connection))
    for tag in dict.fromkeys(c.tag for c in tag_map.connections if c.valid and c.tag):
        expected = 0
        for connection in tag_map.of(tag):
            if connection.index > expected:
                tag_map.gaps.append((tag, expected, connection))
            expected = connection.index + 1
    return tag_map
