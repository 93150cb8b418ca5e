"""A document bound to message descriptors: the protobuf message and, beside it, where each part of it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from graphval.textproto.reading import Reading
from graphval.textproto.schema import FieldType, MessageType
from graphval.textproto.source import Place, Source
from graphval.textproto.tree import Field, MessageValue, Scalar

BoundValue: TypeAlias = "str | bytes | int | float | bool | BoundMessage"


class BoundField:
    """One written occurrence of a field.

    ``value`` is the Python value protobuf holds (enum values as their number, with the written word in ``text``), or
    the bound message. ``meant`` is the field or extension; for an expanded ``Any`` the message type. Places are read
    in ``written`` when asked for: few ever are. ``item`` is what of it holds the value, where that is not all.
    """

    __slots__ = ("item", "meant", "source", "value", "written")

    def __init__(
        self,
        source: Source,
        meant: FieldType | MessageType,
        value: BoundValue,
        written: Field,
        item: Scalar | MessageValue | None = None,
    ) -> None:
        self.source = source
        self.meant = meant
        self.value = value
        self.written = written
        self.item = item

    @property
    def name(self) -> str:
        """The field's name, an extension's full name, or for an expanded ``Any`` the full message type name."""
        return self.meant.name

    @property
    def text(self) -> str:
        """The value as written, quotes included; empty for a message."""
        at = self.item or self.written.value
        if isinstance(at, Scalar):
            return f"-{at.text}" if at.negative else at.text
        return ""

    @property
    def name_start(self) -> int:
        return self.written.name_start

    @property
    def name_end(self) -> int:
        return self.written.name_end

    @property
    def start(self) -> int:
        return self.item.start if self.item is not None else self.written.value_start

    @property
    def end(self) -> int:
        return self.item.end if self.item is not None else self.written.end

    @property
    def place(self) -> Place:
        """The value."""
        return Place(self.source, self.start, self.end)

    @property
    def string(self) -> str:
        """The value as text: of a string field what it holds, of any other what protobuf's value prints."""
        value = self.value
        if isinstance(value, str):
            return value
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)

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

    For an expanded ``Any``, ``fields`` holds a field whose value is the inner message (``expanded``). Fields that could
    not be bound (unknown name, wrong type) are left out; they are reported as problems.
    """

    __slots__ = ("_message", "by_name", "end", "expanded", "fields", "source", "start", "type")

    def __init__(self, source: Source, kind: MessageType, start: int, end: int) -> None:
        self.source = source
        self.type = kind
        self.start = start
        self.end = end
        self.fields: list[BoundField] = []
        self.by_name: dict[str, list[BoundField]] = {}
        """The same fields by their names, for the same messages are asked for many."""
        self.expanded: BoundMessage | None = None
        """The message inside an expanded ``Any``; ``None`` for every other message."""
        self._message: Any = None

    @property
    def type_name(self) -> str:
        """The full protobuf name."""
        return self.type.name

    @property
    def message(self) -> Any:
        """The protobuf message, filled with all that could be bound. Made when first asked for: of most messages
        nobody wants more than their fields."""
        if self._message is None:
            self._message = self.type.make()
            self._fill(self._message)
        return self._message

    @property
    def reading(self) -> Reading:
        """What a program finds in the message."""
        return Reading(self.type, self)

    @property
    def place(self) -> Place:
        return Place(self.source, self.start, self.end)

    def keep(self, field: BoundField) -> None:
        """Append a field."""
        self.fields.append(field)
        self.by_name.setdefault(field.name, []).append(field)

    def all(self, name: str) -> Sequence[BoundField]:
        """Every occurrence of field ``name`` (an extension by its full name), in text order."""
        return self.by_name.get(name, ())

    def first(self, name: str) -> BoundField | None:
        """The first occurrence of field ``name``."""
        found = self.by_name.get(name)
        return found[0] if found is not None else None

    def messages(self, name: str) -> list[BoundMessage]:
        """Every occurrence of message field ``name``."""
        found = self.by_name.get(name)
        if found is None:  # as nearly always
            return []
        return [field.value for field in found if isinstance(field.value, BoundMessage)]

    def names(self) -> set[str]:
        """The names of all fields, those in messages included."""
        found: set[str] = set()
        waiting = [self]
        while waiting:
            message = waiting.pop()
            found.update(message.by_name)
            for field in message.fields:
                value = field.value
                if isinstance(value, BoundMessage):
                    waiting.append(value)
        return found

    def place_of(self, name: str) -> Place:
        """The value of ``name`` where it is written, else the whole message."""
        field = self.first(name)
        return field.place if field is not None else self.place

    def _fill(self, message: Any) -> None:
        """Put all that was bound into an empty protobuf message of this type."""
        for field in self.fields:
            value, meant = field.value, field.meant
            if isinstance(meant, MessageType):
                assert isinstance(value, BoundMessage), "an expanded Any holds a message"
                message.type_url = field.written.name
                message.value = value.message.SerializePartialToString(deterministic=True)
            elif not isinstance(value, BoundMessage):
                meant.put(message, value)
            elif value.type.is_map_entry:
                meant.put_entry(message, value.message)
            else:
                value._fill(meant.add(message))
