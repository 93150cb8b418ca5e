"""A document bound to message descriptors: the protobuf message and, beside it, where each part of it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from graphval.textproto.source import Place, Source

BoundValue: TypeAlias = "str | bytes | int | float | bool | BoundMessage"


class BoundField:
    """One written occurrence of a field.

    ``name`` is the field's name, an extension's full name, or for an expanded ``Any`` the full message type name.
    ``value`` is the Python value protobuf holds (enum values as their number, with the written word in ``text``), or
    the bound message.
    """

    __slots__ = ("end", "name", "name_end", "name_start", "source", "start", "text", "value")

    def __init__(
        self,
        source: Source,
        name: str,
        name_start: int,
        name_end: int,
        value: BoundValue,
        start: int,
        end: int,
        text: str,
    ) -> None:
        self.source = source
        self.name = name
        self.name_start = name_start
        self.name_end = name_end
        self.value = value
        self.start = start
        self.end = end
        self.text = text

    @property
    def place(self) -> Place:
        """The value."""
        return Place(self.source, self.start, self.end)

    @property
    def string(self) -> str:
        """The value as text: of a string field what it holds, of any other what protobuf's value prints."""
        return self.value.decode("utf-8", "replace") if isinstance(self.value, bytes) else str(self.value)

    @property
    def number(self) -> int:
        """The value of a whole number, a boolean or an enum, in whatever base it is written (``0x10``); 0 of any other
        field."""
        return self.value if isinstance(self.value, int) else 0

    @property
    def name_place(self) -> Place:
        return Place(self.source, self.name_start, self.name_end)

    @property
    def whole(self) -> Place:
        """Name and value."""
        return Place(self.source, self.name_start, self.end)


class BoundMessage:
    """A message and the fields that were written into it, in text order.

    ``message`` is always an instance, filled with all that could be bound. For an expanded ``Any``, ``fields`` holds
    exactly one field whose value is the inner message (``expanded``). Fields that could not be bound (unknown name,
    wrong type) are left out; they are reported as problems. ``type_name`` is the full protobuf name.
    """

    __slots__ = ("_by_name", "end", "fields", "message", "source", "start", "type_name")

    def __init__(self, source: Source, type_name: str, message: Any, start: int, end: int) -> None:
        self.source = source
        self.type_name = type_name
        self.message = message
        self.start = start
        self.end = end
        self.fields: list[BoundField] = []
        self._by_name: dict[str, list[BoundField]] | None = None
        """Made when first asked for, when all is bound: the same messages are asked for many fields."""

    @property
    def place(self) -> Place:
        return Place(self.source, self.start, self.end)

    @property
    def expanded(self) -> BoundMessage | None:
        """The message inside an expanded ``Any``; ``None`` for every other message."""
        if self.type_name == "google.protobuf.Any" and len(self.fields) == 1:
            value = self.fields[0].value
            if isinstance(value, BoundMessage):
                return value
        return None

    def all(self, name: str) -> Sequence[BoundField]:
        """Every occurrence of field ``name`` (an extension by its full name), in text order."""
        by_name = self._by_name
        if by_name is None:
            by_name = self._by_name = {}
            for field in self.fields:
                by_name.setdefault(field.name, []).append(field)
        return by_name.get(name, ())

    def first(self, name: str) -> BoundField | None:
        """The first occurrence of field ``name``."""
        found = self.all(name)
        return found[0] if found else None

    def messages(self, name: str) -> list[BoundMessage]:
        """Every occurrence of message field ``name``."""
        return [field.value for field in self.all(name) if isinstance(field.value, BoundMessage)]

    def place_of(self, name: str) -> Place:
        """The value of ``name`` where it is written, else the whole message."""
        field = self.first(name)
        return field.place if field is not None else self.place
