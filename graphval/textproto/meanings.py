"""What the name of a field means: a field of the message, an extension of it, a type inside an ``Any``.

Source: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl::ConsumeField`` and ``ConsumeAny`` (3.19).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from graphval.textproto.nearest import nearest, unmistakable
from graphval.textproto.problem import Fix, Problem
from graphval.textproto.tree import Field, Form

ANY = "google.protobuf.Any"
ANY_DOMAINS = ("type.googleapis.com", "type.googleprod.com")
"""The only domains that C++ protobuf's default finder resolves."""

_LISTED = 160
"""Names of fields are listed where all of them fit into so many characters."""
_ALIKE = 0.7


class Definitions(Protocol):
    """Where messages and extensions are looked up by their full names; ``None`` where there is none."""

    def message(self, full_name: str) -> Descriptor | None: ...
    def extension(self, full_name: str) -> FieldDescriptor | None: ...


class Meanings:
    """Looks names up in ``definitions``; ``known_types`` names all message types there are, for suggestions."""

    def __init__(self, definitions: Definitions, known_types: Callable[[], Iterable[str]]) -> None:
        self._definitions = definitions
        self._known_types = known_types

    def field(self, descriptor: Descriptor, field: Field) -> FieldDescriptor | Problem:
        """The field or extension of ``descriptor`` that a name means."""
        match field.form:
            case Form.NAME:
                return self._named(descriptor, field)
            case Form.EXTENSION if descriptor.full_name == ANY:
                return self._extension_in_any(field)
            case Form.EXTENSION:
                return self._extension(descriptor, field)
            case Form.ANY:
                return self._any_elsewhere(descriptor, field)

    def any_type(self, field: Field) -> Descriptor | Problem:
        """The message type that an expanded ``Any`` is of."""
        domain, _, type_name = field.name.rpartition("/")
        protobuf = f'Could not find type "{field.name}" stored in google.protobuf.Any.'
        if domain not in ANY_DOMAINS:
            written = f"[type.googleapis.com/{type_name}]"
            return Problem(
                "unknown-type",
                f"the type URL begins with {domain}/, which protobuf does not resolve",
                field.name_start,
                field.name_end,
                help=f"write {written}",
                fix=Fix(field.name_start, field.name_end, written, certain=self._find_type(type_name) is not None),
                protobuf=protobuf,
            )
        found = self._find_type(type_name)
        if found is None:
            known = tuple(self._known_types())
            near = nearest(type_name, known, _ALIKE)
            sure = unmistakable(type_name, known) if near else None
            return Problem(
                "unknown-type",
                f"there is no message type {type_name}",
                field.name_start,
                field.name_end,
                help=f"did you mean {near}?" if near else "",
                fix=_instead(field, near, f"[type.googleapis.com/{near}]", sure),
                protobuf=protobuf,
            )
        return found

    def _named(self, descriptor: Descriptor, field: Field) -> FieldDescriptor | Problem:
        found: FieldDescriptor | None = descriptor.fields_by_name.get(field.name)
        if found is None:
            found = descriptor.fields_by_name.get(field.name.lower())
        if found is None or _written_name(found) != field.name:
            return _unknown_field(descriptor, field)
        return found

    def _extension(self, descriptor: Descriptor, field: Field) -> FieldDescriptor | Problem:
        found = self._find_extension(field.name)
        owner = found.containing_type.full_name if found is not None and found.containing_type is not None else ""
        if found is not None and owner == descriptor.full_name:
            return found
        protobuf = f'Extension "{field.name}" is not defined or is not an extension of "{descriptor.full_name}".'
        if found is not None:
            return Problem(
                "extension-of-another",
                f"{field.name} extends {owner or 'another message'}, not {descriptor.full_name}",
                field.name_start,
                field.name_end,
                protobuf=protobuf,
            )
        near: str | None = f"{field.name}.ext"
        if self._extends(near, descriptor):
            advice, sure = f"write [{near}]", near
        else:
            written, known = field.name.removesuffix(".ext"), tuple(self._known_types())
            stem = nearest(written, known, _ALIKE)
            near = f"{stem}.ext" if stem and self._extends(f"{stem}.ext", descriptor) else None
            sure = f"{unmistakable(written, known)}.ext" if near else None
            advice = f"did you mean [{near}]?" if near else "is it spelt like package.Message.ext?"
        return Problem(
            "unknown-extension",
            f"there is no extension {field.name}",
            field.name_start,
            field.name_end,
            help=advice,
            fix=_instead(field, near, f"[{near}]", sure),
            protobuf=protobuf,
        )

    def _any_elsewhere(self, descriptor: Descriptor, field: Field) -> Problem:
        """A type URL in a message that is no ``Any``."""
        type_name = field.name.rpartition("/")[2]
        extension = f"[{type_name}.ext]"
        known = self._extends(f"{type_name}.ext", descriptor)
        return Problem(
            "any-outside-any",
            f"[{field.name}] stands in a {descriptor.name}, which is no Any",
            field.name_start,
            field.name_end,
            help=f"write {extension} here, or put it into node_options" if known else "it belongs into node_options",
            fix=Fix(field.name_start, field.name_end, extension) if known else None,
            protobuf='Expected "]", found "/".',
        )

    def _extension_in_any(self, field: Field) -> Problem:
        type_name = field.name.removesuffix(".ext")
        written = f"[type.googleapis.com/{type_name}]"
        return Problem(
            "extension-in-any",
            f"[{field.name}] is an extension, but an Any needs a type URL",
            field.name_start,
            field.name_end,
            help=f"write {written}, or use options {{ }}",
            fix=Fix(field.name_start, field.name_end, written, certain=self._find_type(type_name) is not None),
            protobuf='Expected "/", found "]".',
        )

    def _find_type(self, name: str) -> Descriptor | None:
        if not name.isascii():
            return None  # no name is, and a pool does not take every text
        return self._definitions.message(name)

    def _extends(self, name: str | None, descriptor: Descriptor) -> bool:
        found = self._find_extension(name) if name else None
        owner = found.containing_type if found is not None else None
        return owner is not None and bool(owner.full_name == descriptor.full_name)

    def _find_extension(self, name: str) -> FieldDescriptor | None:
        if not name.isascii():
            return None  # no name is, and a pool does not take every text
        return self._definitions.extension(name)


def _instead(field: Field, near: str | None, written: str, sure: str | None) -> Fix | None:
    """Another name for a field, if one is near; certain where it is the one that must have been meant."""
    return Fix(field.name_start, field.name_end, written, certain=near == sure) if near else None


def _written_name(field: FieldDescriptor) -> str:
    """A group goes by the name of its type, whose lower case is the name of its field."""
    name: str = field.message_type.name if field.type == FieldDescriptor.TYPE_GROUP else field.name
    return name


def _unknown_field(descriptor: Descriptor, field: Field) -> Problem:
    known = [_written_name(found) for found in descriptor.fields]
    near = nearest(field.name, known, _ALIKE)
    names = ", ".join(sorted(known))
    if near:
        advice = f"did you mean {near}?"
    elif descriptor.full_name == ANY:
        advice = "write [type.googleapis.com/package.Message]: { … }"
    elif names:
        advice = f"it has {names}" if len(names) < _LISTED else ""
    else:
        takes_extensions = f"{descriptor.name} takes extensions: write [package.Message.ext] {{ … }}"
        advice = takes_extensions if descriptor.is_extendable else ""
    return Problem(
        "unknown-field",
        f"{descriptor.full_name} has no field {field.name}",
        field.name_start,
        field.name_end,
        help=advice,
        fix=_instead(field, near, near or "", unmistakable(field.name, known)) if near else None,
        protobuf=f'Message type "{descriptor.full_name}" has no field named "{field.name}".',
    )


__all__ = ["ANY", "Definitions", "Meanings"]
