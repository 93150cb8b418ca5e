"""A message as a program finds it that has read it: every field, with its default where nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from google.protobuf.descriptor import FieldDescriptor

from graphval.textproto.schema import MessageType

if TYPE_CHECKING:
    from graphval.textproto.bound import BoundField, BoundMessage


class Reading:
    """The values of a message of type ``kind``: those written in ``bound``, else defaults.

    It answers as protobuf's own message would, and costs nothing until it is asked: to make such a message, and to
    import what makes it, takes longer than all that is read in most graphs.
    """

    __slots__ = ("_kind", "_written")

    def __init__(self, kind: MessageType, bound: BoundMessage | None = None) -> None:
        self._kind = kind
        self._written = bound.by_name if bound is not None else {}

    def __getitem__(self, name: str) -> Any:
        """The value of a field: of a message field a :class:`Reading`, of a repeated one a list, of a map a dictionary,
        of an enum the number. Raises :class:`KeyError` where the message has no such field."""
        field = _field(self._kind, name)
        written = self._written.get(name)
        if field.is_map:
            return {entry["key"]: entry["value"] for entry in field.values(written or ())}
        if field.is_repeated:
            return field.values(written or ())
        return field.values(written[-1:])[0] if written else field.default

    def has(self, name: str) -> bool:
        """Whether a field with presence is set, or a repeated one is not empty."""
        _field(self._kind, name)
        return name in self._written

    def one_of(self, name: str) -> str | None:
        """Which field of a oneof is set, if any."""
        members = self._kind.descriptor.oneofs_by_name[name].fields
        return next((field.name for field in members if field.name in self._written), None)


class _Field(NamedTuple):
    """What reading a field takes. ``kind`` is ``None`` where it holds no messages."""

    is_repeated: bool
    is_map: bool
    kind: MessageType | None
    default: Any

    def values(self, written: Sequence[BoundField]) -> list[Any]:
        values: list[Any] = [field.value for field in written]
        return values if self.kind is None else [Reading(self.kind, value) for value in values]


def _field(kind: MessageType, name: str) -> _Field:
    field = kind.read.get(name)
    if field is None:
        field = kind.read[name] = _look_up(kind, name)
    return field


def _look_up(kind: MessageType, name: str) -> _Field:
    descriptor = kind.descriptor.fields_by_name[name]
    repeated = descriptor.label == FieldDescriptor.LABEL_REPEATED
    if descriptor.cpp_type != FieldDescriptor.CPPTYPE_MESSAGE:
        return _Field(repeated, False, None, descriptor.default_value)
    inner = MessageType(descriptor.message_type)
    return _Field(repeated, inner.is_map_entry, inner, Reading(inner))


__all__ = ["Reading"]
