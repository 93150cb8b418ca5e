"""What a JSON text holds: its values, with the place of each key and value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphval.textproto import Place, Problem, Source


class JsonNode:
    """One value. ``kind``: ``object``, ``array``, ``string``, ``number``, ``boolean`` or ``null``.

    ``members`` (objects) and ``items`` (arrays) keep text order; a key that is given twice stands there twice.
    """

    __slots__ = ("end", "items", "kind", "members", "source", "start", "value")

    def __init__(self, source: Source, kind: str, start: int) -> None:
        self.source = source
        self.kind = kind
        self.start = start
        self.end = start
        self.value: Any = None
        self.members: list[JsonMember] = []
        self.items: list[JsonNode] = []

    @property
    def place(self) -> Place:
        return Place(self.source, self.start, self.end)

    def get(self, key: str) -> JsonNode | None:
        """The value of a key: the first one, as RapidJSON finds it."""
        return next((member.value for member in self.members if member.key == key), None)

    def text(self, key: str) -> str | None:
        """The value of a key if it is a string."""
        found = self.get(key)
        return found.value if found is not None and found.kind == "string" else None

    def plain(self) -> Any:
        """The Python value; of a key that is given twice the first counts."""
        match self.kind:
            case "object":
                return {member.key: member.value.plain() for member in reversed(self.members)}
            case "array":
                return [item.plain() for item in self.items]
            case _:
                return self.value


class JsonMember:
    """A key and its value."""

    __slots__ = ("key", "key_end", "key_start", "value")

    def __init__(self, key: str, key_start: int, key_end: int, value: JsonNode) -> None:
        self.key = key
        self.key_start = key_start
        self.key_end = key_end
        self.value = value

    @property
    def key_place(self) -> Place:
        return Place(self.value.source, self.key_start, self.key_end)


class JsonDocument:
    """A JSON text: its root (``None`` where nothing could be read) and what is wrong with it."""

    __slots__ = ("problems", "root", "source")

    def __init__(self, source: Source, root: JsonNode | None, problems: tuple[Problem, ...]) -> None:
        self.source = source
        self.root = root
        self.problems = problems

    @property
    def start(self) -> Place:
        return Place(self.source, 0, min(1, len(self.source.text)))


def walk(node: JsonNode) -> Iterator[JsonNode]:
    """A value and everything inside it, in text order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += reversed([member.value for member in current.members] + current.items)
