"""Message types as binding needs them: names and facts of fields, looked up in descriptors once and then at hand.

A descriptor answers each question anew, at the cost of a new object; a graph asks the same few hundreds of times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from graphval.textproto.meanings import ANY, Definitions, Meanings
from graphval.textproto.problem import Problem
from graphval.textproto.tree import Field, Form


class Schema:
    """The language of texts that describe a message of type ``root``. Made once, used for any number of texts.

    ``definitions`` tell of extensions and the types inside ``Any``. ``known_types`` names all message types there are,
    for suggestions; it is called only when an unknown one was used.
    """

    __slots__ = ("_any_types", "_meanings", "_types", "root")

    def __init__(
        self, root: Descriptor, definitions: Definitions, known_types: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self._meanings = Meanings(definitions, known_types)
        self._types: dict[str, MessageType] = {}
        self._any_types: dict[str, MessageType] = {}
        self.root = self.message(root)

    def message(self, descriptor: Descriptor) -> MessageType:
        name = descriptor.full_name
        found = self._types.get(name)
        if found is None:
            found = self._types[name] = MessageType(descriptor)
        return found

    def any_type(self, field: Field) -> MessageType | Problem:
        """The message type that an expanded ``Any`` is of."""
        found = self._any_types.get(field.name)
        if found is None:
            meant = self._meanings.any_type(field)
            if isinstance(meant, Problem):
                return meant
            found = self._any_types[field.name] = self.message(meant)
        return found

    def field(self, owner: MessageType, field: Field) -> FieldType | Problem:
        """The field or extension of ``owner`` that a name means."""
        if field.form is Form.ANY:
            meant = self._meanings.field(owner.descriptor, field)
            assert isinstance(meant, Problem), "a type URL means something only in an Any"
            return meant
        known = owner.extensions if field.form is Form.EXTENSION else owner.fields
        found = known.get(field.name)
        if found is None:
            meant = self._meanings.field(owner.descriptor, field)
            if isinstance(meant, Problem):
                return meant
            found = known[field.name] = FieldType(self, meant)
        return found


class MessageType:
    """A message type. ``fields`` and ``extensions`` hold those asked for so far, ``read`` what
    :class:`~graphval.textproto.reading.Reading` has looked up."""

    __slots__ = ("descriptor", "extensions", "fields", "is_any", "is_map_entry", "name", "read", "required")

    def __init__(self, descriptor: Descriptor) -> None:
        self.descriptor = descriptor
        self.name: str = descriptor.full_name
        self.is_any = self.name == ANY
        self.is_map_entry = _is_map_entry(descriptor)
        self.required = tuple(f for f in descriptor.fields if f.label == FieldDescriptor.LABEL_REQUIRED)
        self.fields: dict[str, FieldType] = {}
        self.extensions: dict[str, FieldType] = {}
        self.read: dict[str, Any] = {}

    def make(self) -> Any:
        """An empty message."""
        from google.protobuf.message_factory import GetMessageClass  # slow to import, and graphs are judged without

        return GetMessageClass(self.descriptor)()


def _is_map_entry(descriptor: Descriptor) -> bool:
    """Whether the compiler made the message for a map. It has an option that says so, but to read options imports the
    messages of descriptors; by these marks it is known as well."""
    marked = descriptor.has_options and descriptor.name.endswith("Entry")
    return bool(marked) and [field.name for field in descriptor.fields] == ["key", "value"]


_INTEGERS = frozenset(
    {
        FieldDescriptor.CPPTYPE_INT32,
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT32,
        FieldDescriptor.CPPTYPE_UINT64,
    }
)


def _words(descriptor: FieldDescriptor) -> dict[str, int]:
    """The words of an enum, and those that nearly everybody writes for a boolean."""
    match descriptor.cpp_type:
        case FieldDescriptor.CPPTYPE_BOOL:
            return {"true": True, "false": False}
        case FieldDescriptor.CPPTYPE_ENUM:
            return {value.name: value.number for value in descriptor.enum_type.values}
        case _:
            return {}


class FieldType:
    """A field or extension. ``name`` is what a bound field is called: an extension goes by its full name."""

    __slots__ = (
        "_message",
        "_schema",
        "cpp_type",
        "descriptor",
        "has_presence",
        "is_extension",
        "is_integer",
        "is_repeated",
        "is_text",
        "name",
        "oneof",
        "takes_block",
        "words",
    )

    def __init__(self, schema: Schema, descriptor: FieldDescriptor) -> None:
        self._schema = schema
        self._message: MessageType | None = None
        self.descriptor = descriptor
        self.is_extension = bool(descriptor.is_extension)
        self.name: str = descriptor.full_name if self.is_extension else descriptor.name
        self.cpp_type: int = descriptor.cpp_type
        self.is_text = bool(descriptor.type == FieldDescriptor.TYPE_STRING)
        self.is_integer = self.cpp_type in _INTEGERS
        self.words = _words(descriptor)
        """What the field holds for words that stand for values."""
        self.takes_block = self.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE
        self.is_repeated = bool(descriptor.label == FieldDescriptor.LABEL_REPEATED)
        presence: Any = descriptor  # the stubs of protobuf 4.25 lack has_presence
        self.has_presence = self.is_extension or bool(presence.has_presence)
        oneof = descriptor.containing_oneof
        self.oneof: str | None = oneof.name if oneof is not None else None

    @property
    def message(self) -> MessageType:
        """The type of the blocks that the field takes."""
        if self._message is None:
            self._message = self._schema.message(self.descriptor.message_type)
        return self._message

    def put(self, message: Any, value: object) -> None:
        """Set a scalar; of a repeated field append one. Raises what protobuf raises for a value that does not fit."""
        if self.is_repeated:
            (message.Extensions[self.descriptor] if self.is_extension else getattr(message, self.name)).append(value)
        elif self.is_extension:
            message.Extensions[self.descriptor] = value
        else:
            setattr(message, self.name, value)

    def add(self, message: Any) -> Any:
        """Make a message field present: a new element of a repeated one, the message itself of a singular one."""
        inner = message.Extensions[self.descriptor] if self.is_extension else getattr(message, self.name)
        if self.is_repeated:
            return inner.add()
        inner.SetInParent()
        return inner

    def put_entry(self, message: Any, entry: Any) -> None:
        """Put an entry into a map field."""
        entries = getattr(message, self.name)
        if entry.DESCRIPTOR.fields_by_name["value"].cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
            entries[entry.key].CopyFrom(entry.value)
        else:
            entries[entry.key] = entry.value


__all__ = ["FieldType", "MessageType", "Schema"]
