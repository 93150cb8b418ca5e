"""Binding a syntax tree to message descriptors: the protobuf message it stands for, and everything that does not fit.

Source of the rules: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl`` (3.19), with singular fields given
twice forbidden and missing required fields refused, as ``TextFormat::ParseFromString`` does.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from graphval.textproto.bound import BoundField, BoundMessage, BoundValue
from graphval.textproto.problem import MAX_PROBLEMS, Fix, Problem, TooMuch
from graphval.textproto.scalars import integer, is_hexadecimal, is_octal, real, unescape
from graphval.textproto.source import Source
from graphval.textproto.tree import Document, Field, Form, Lexeme, ListValue, MessageValue, Scalar

ANY = "google.protobuf.Any"
ANY_DOMAINS = ("type.googleapis.com", "type.googleprod.com")
"""The only domains that C++ protobuf's default finder resolves."""

_INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
_TRUE, _FALSE = ("true", "True", "t"), ("false", "False", "f")
_KIND_NAMES = {
    FieldDescriptor.CPPTYPE_INT32: "a whole number",
    FieldDescriptor.CPPTYPE_INT64: "a whole number",
    FieldDescriptor.CPPTYPE_UINT32: "a whole number that is not negative",
    FieldDescriptor.CPPTYPE_UINT64: "a whole number that is not negative",
    FieldDescriptor.CPPTYPE_FLOAT: "a number",
    FieldDescriptor.CPPTYPE_DOUBLE: "a number",
    FieldDescriptor.CPPTYPE_BOOL: "true or false",
    FieldDescriptor.CPPTYPE_STRING: "a string in quotes",
    FieldDescriptor.CPPTYPE_ENUM: "one of its names",
    FieldDescriptor.CPPTYPE_MESSAGE: "a block in braces",
}
_REFUSED: Any = object()


def bind(
    document: Document,
    descriptor: Descriptor,
    pool: DescriptorPool,
    *,
    known_types: Callable[[], Iterable[str]] = tuple,
) -> tuple[BoundMessage, list[Problem]]:
    """The message of type ``descriptor`` that ``document`` describes, and all that could not be bound.

    ``pool`` resolves extensions and the types inside ``Any``. ``known_types`` names all message types there are, for
    suggestions; it is called only when an unknown one was used. The message holds everything that fits.
    """
    binder = _Binder(document.source, pool, known_types)
    message = GetMessageClass(descriptor)()
    bound = BoundMessage(document.source, descriptor.full_name, message, 0, len(document.source.text))
    with suppress(TooMuch):
        binder.message(bound, descriptor, document.fields)
        binder.required(bound, None)
    binder.problems.sort(key=lambda problem: problem.start)
    return bound, binder.problems


class _Binder:
    def __init__(self, source: Source, pool: DescriptorPool, known_types: Callable[[], Iterable[str]]) -> None:
        self.source = source
        self.pool = pool
        self.known_types = known_types
        self.problems: list[Problem] = []
        self.doubtful: set[int] = set()
        """Ids of messages in which something could not be bound: what they lack may be what was misspelt."""

    def _problem(
        self,
        owner: BoundMessage,
        kind: str,
        message: str,
        start: int,
        end: int,
        *,
        help: str = "",
        fix: Fix | None = None,
        protobuf: str = "",
    ) -> None:
        self.doubtful.add(id(owner))
        self.problems.append(Problem(kind, message, start, end, help, fix, protobuf))
        if len(self.problems) >= MAX_PROBLEMS:
            raise TooMuch

    # -- messages ----------------------------------------------------------------------------------------------------

    def message(self, bound: BoundMessage, descriptor: Descriptor, fields: list[Field]) -> None:
        """Bind the fields of one message."""
        given: dict[str, Field] = {}
        oneofs: dict[str, str] = {}
        for field in fields:
            if field.form is Form.ANY and descriptor.full_name == ANY:
                self._any(bound, field, given)
                continue
            target = self._target(bound, descriptor, field)
            if target is None or field.value is None:
                continue
            if not self._may_be_given(bound, descriptor, field, target, given, oneofs):
                continue
            self._field(bound, target, field)

    def _target(self, bound: BoundMessage, descriptor: Descriptor, field: Field) -> FieldDescriptor | None:
        """The field or extension that a name means."""
        match field.form:
            case Form.NAME:
                found: FieldDescriptor | None = descriptor.fields_by_name.get(field.name)
                if found is None:
                    lowered = descriptor.fields_by_name.get(field.name.lower())
                    if lowered is not None and lowered.type == FieldDescriptor.TYPE_GROUP:
                        found = lowered
                if (
                    found is not None
                    and found.type == FieldDescriptor.TYPE_GROUP
                    and found.message_type.name != field.name
                ):
                    found = None
                if found is None:
                    self._unknown_field(bound, descriptor, field)
                return found
            case Form.EXTENSION:
                return self._extension(bound, descriptor, field)
            case Form.ANY:
                type_name = field.name.rpartition("/")[2]
                extension = f"[{type_name}.ext]"
                known = self._find_extension(f"{type_name}.ext") is not None
                self._problem(
                    bound,
                    "any-outside-any",
                    f"[{field.name}] stands in a {descriptor.name}, which is no Any",
                    field.name_start,
                    field.name_end,
                    help=f"write {extension} here, or put it into node_options"
                    if known
                    else "it belongs into node_options",
                    fix=Fix(field.name_start, field.name_end, extension) if known else None,
                    protobuf='Expected "]", found "/".',
                )
                return None

    def _extension(self, bound: BoundMessage, descriptor: Descriptor, field: Field) -> FieldDescriptor | None:
        if descriptor.full_name == ANY:
            type_name = field.name.removesuffix(".ext")
            written = f"[type.googleapis.com/{type_name}]"
            self._problem(
                bound,
                "extension-in-any",
                f"[{field.name}] is an extension, but an Any needs a type URL",
                field.name_start,
                field.name_end,
                help=f"write {written}, or use options {{ }}",
                fix=Fix(field.name_start, field.name_end, written),
                protobuf='Expected "/", found "]".',
            )
            return None
        found = self._find_extension(field.name)
        if (
            found is not None
            and found.containing_type is not None
            and found.containing_type.full_name == descriptor.full_name
        ):
            return found
        protobuf = f'Extension "{field.name}" is not defined or is not an extension of "{descriptor.full_name}".'
        if found is not None:
            owner = found.containing_type.full_name if found.containing_type is not None else "another message"
            self._problem(
                bound,
                "extension-of-another",
                f"{field.name} extends {owner}, not {descriptor.full_name}",
                field.name_start,
                field.name_end,
                protobuf=protobuf,
            )
            return None
        with_ext = f"{field.name}.ext"
        if self._find_extension(with_ext) is not None:
            near: str | None = with_ext
            help_text = f"write [{with_ext}]"
        else:
            stem = _nearest(field.name.removesuffix(".ext"), self.known_types())
            near = f"{stem}.ext" if stem and self._find_extension(f"{stem}.ext") is not None else None
            help_text = f"did you mean [{near}]?" if near else "is it spelt like package.Message.ext?"
        self._problem(
            bound,
            "unknown-extension",
            f"there is no extension {field.name}",
            field.name_start,
            field.name_end,
            help=help_text,
            fix=Fix(field.name_start, field.name_end, f"[{near}]") if near else None,
            protobuf=protobuf,
        )
        return None

    def _find_extension(self, name: str) -> FieldDescriptor | None:
        try:
            found: FieldDescriptor = self.pool.FindExtensionByName(name)
        except KeyError:
            return None
        return found

    def _find_message(self, name: str) -> Descriptor | None:
        try:
            found: Descriptor = self.pool.FindMessageTypeByName(name)
        except KeyError:
            return None
        return found

    def _unknown_field(self, bound: BoundMessage, descriptor: Descriptor, field: Field) -> None:
        near = _nearest(field.name, descriptor.fields_by_name)
        names = ", ".join(sorted(descriptor.fields_by_name))
        if near:
            advice = f"did you mean {near}?"
        elif descriptor.full_name == ANY:
            advice = "write [type.googleapis.com/package.Message]: { … }"
        elif not names:
            advice = (
                f"{descriptor.name} takes extensions: write [package.Message.ext] {{ … }}"
                if descriptor.is_extendable
                else ""
            )
        else:
            advice = f"it has {names}" if len(names) < 160 else ""
        self._problem(
            bound,
            "unknown-field",
            f"{descriptor.full_name} has no field {field.name}",
            field.name_start,
            field.name_end,
            help=advice,
            fix=Fix(field.name_start, field.name_end, near) if near else None,
            protobuf=f'Message type "{descriptor.full_name}" has no field named "{field.name}".',
        )

    def _may_be_given(
        self,
        bound: BoundMessage,
        descriptor: Descriptor,
        field: Field,
        target: FieldDescriptor,
        given: dict[str, Field],
        oneofs: dict[str, str],
    ) -> bool:
        """Whether a field may be given (again): singular ones once, one member of a oneof."""
        if target.label == FieldDescriptor.LABEL_REPEATED:
            return True
        key = target.full_name
        first = given.get(key)
        if first is not None and self._is_present(bound.message, target):
            self._problem(
                bound,
                "field-given-twice",
                f"{field.name} is given twice",
                field.name_start,
                field.end,
                help="keep one of them" if not isinstance(field.value, MessageValue) else "merge the two blocks",
                protobuf=f'Non-repeated field "{field.name}" is specified multiple times.',
            )
            return False
        given[key] = field
        oneof = target.containing_oneof
        if oneof is not None:
            other = oneofs.setdefault(oneof.name, target.name)
            if other != target.name:
                self._problem(
                    bound,
                    "oneof-given-twice",
                    f"{field.name} and {other} exclude each other",
                    field.name_start,
                    field.end,
                    help="keep one of them",
                    protobuf=f'Field "{field.name}" is specified along with field "{other}", another member of oneof '
                    f'"{oneof.name}".',
                )
                return False
        return True

    @staticmethod
    def _is_present(message: Any, target: FieldDescriptor) -> bool:
        if target.is_extension:
            return bool(message.HasExtension(target))
        if target.has_presence:
            return bool(message.HasField(target.name))
        return bool(getattr(message, target.name) != target.default_value)

    # -- values ------------------------------------------------------------------------------------------------------

    def _field(self, bound: BoundMessage, target: FieldDescriptor, field: Field) -> None:
        value = field.value
        is_message = target.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE
        if isinstance(value, ListValue):
            if target.label != FieldDescriptor.LABEL_REPEATED:
                self._problem(
                    bound,
                    "list-for-singular",
                    f"{field.name} takes one value, not a list",
                    value.start,
                    value.end,
                    help="remove the brackets",
                    protobuf="Expected a single value, found a list.",
                )
                return
            if not is_message and not field.colon:
                self._no_colon(bound, field)
            for item in value.items:
                self._one(bound, target, field, item)
            return
        if isinstance(value, Scalar | MessageValue):
            if not is_message and not field.colon:
                self._no_colon(bound, field)
            self._one(bound, target, field, value)

    def _no_colon(self, bound: BoundMessage, field: Field) -> None:
        self._problem(
            bound,
            "missing-colon",
            f'no colon behind "{field.name}"',
            field.name_end,
            field.name_end,
            help="write :",
            fix=Fix(field.name_end, field.name_end, ":"),
            protobuf='Expected ":".',
        )

    def _one(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar | MessageValue) -> None:
        if target.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
            if isinstance(value, MessageValue):
                self._submessage(bound, target, field, value)
            else:
                self._wrong_type(bound, target, field, value)
            return
        if isinstance(value, MessageValue):
            self._problem(
                bound,
                "wrong-type",
                f"{field.name} takes {_KIND_NAMES[target.cpp_type]}, not a block",
                value.start,
                min(value.end, value.start + 1),
                protobuf='Expected ":", found "{".',
            )
            return
        python_value = self._scalar(bound, target, field, value)
        if python_value is _REFUSED:
            return
        self._set(bound.message, target, python_value)
        text = value.text if not value.negative else f"-{value.text}"
        self._add(bound, target, field, python_value, value.start, value.end, text)

    def _add(
        self,
        bound: BoundMessage,
        target: FieldDescriptor,
        field: Field,
        value: BoundValue,
        start: int,
        end: int,
        text: str,
    ) -> None:
        name = target.full_name if target.is_extension else target.name
        bound.fields.append(BoundField(self.source, name, field.name_start, field.name_end, value, start, end, text))

    @staticmethod
    def _set(message: Any, target: FieldDescriptor, value: Any) -> None:
        if target.is_extension:
            if target.label == FieldDescriptor.LABEL_REPEATED:
                message.Extensions[target].append(value)
            else:
                message.Extensions[target] = value
        elif target.label == FieldDescriptor.LABEL_REPEATED:
            getattr(message, target.name).append(value)
        else:
            setattr(message, target.name, value)

    def _submessage(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: MessageValue) -> None:
        descriptor = target.message_type
        parent: Any = bound.message
        inner: Any
        is_map = descriptor.GetOptions().map_entry
        if is_map:
            inner = GetMessageClass(descriptor)()
        elif target.is_extension:
            inner = parent.Extensions[target]
            inner = inner.add() if target.label == FieldDescriptor.LABEL_REPEATED else inner
            if target.label != FieldDescriptor.LABEL_REPEATED:
                inner.SetInParent()
        else:
            inner = getattr(parent, target.name)
            if target.label == FieldDescriptor.LABEL_REPEATED:
                inner = inner.add()
            else:
                inner.SetInParent()
        sub = BoundMessage(self.source, descriptor.full_name, inner, value.start, value.end)
        self.message(sub, descriptor, value.fields)
        if is_map:
            entries = getattr(parent, target.name)
            if descriptor.fields_by_name["value"].cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
                entries[inner.key].CopyFrom(inner.value)
            else:
                entries[inner.key] = inner.value
        self._add(bound, target, field, sub, value.start, value.end, "")

    # -- Any ---------------------------------------------------------------------------------------------------------

    def _any(self, bound: BoundMessage, field: Field, given: dict[str, Field]) -> None:
        domain, _, type_name = field.name.rpartition("/")
        if given or bound.fields:
            self._problem(
                bound,
                "field-given-twice",
                "an Any holds one message, this is the second",
                field.name_start,
                field.end,
                help="write another node_options { … } for it",
                protobuf="Non-repeated Any specified multiple times.",
            )
            return
        given[ANY] = field
        descriptor = self._find_message(type_name) if domain in ANY_DOMAINS else None
        protobuf = f'Could not find type "{field.name}" stored in google.protobuf.Any.'
        if domain not in ANY_DOMAINS:
            self._problem(
                bound,
                "unknown-type",
                f"the type URL begins with {domain}/, which protobuf does not resolve",
                field.name_start,
                field.name_end,
                help=f"write [type.googleapis.com/{type_name}]",
                fix=Fix(field.name_start, field.name_end, f"[type.googleapis.com/{type_name}]"),
                protobuf=protobuf,
            )
            return
        if descriptor is None:
            near = _nearest(type_name, self.known_types())
            self._problem(
                bound,
                "unknown-type",
                f"there is no message type {type_name}",
                field.name_start,
                field.name_end,
                help=f"did you mean {near}?" if near else "",
                fix=Fix(field.name_start, field.name_end, f"[type.googleapis.com/{near}]") if near else None,
                protobuf=protobuf,
            )
            return
        if not isinstance(field.value, MessageValue):
            if field.value is not None:
                self._problem(
                    bound,
                    "wrong-type",
                    "an expanded Any takes a block in braces",
                    field.value.start,
                    field.value.end,
                    protobuf='Expected "{".',
                )
            return
        inner = GetMessageClass(descriptor)()
        sub = BoundMessage(self.source, type_name, inner, field.value.start, field.value.end)
        self.message(sub, descriptor, field.value.fields)
        self.required(sub, field)
        message: Any = bound.message
        message.type_url = field.name
        message.value = inner.SerializePartialToString(deterministic=True)
        bound.fields.append(
            BoundField(
                self.source, type_name, field.name_start, field.name_end, sub, field.value.start, field.value.end, ""
            )
        )

    # -- required fields ---------------------------------------------------------------------------------------------

    def required(self, bound: BoundMessage, field: Field | None) -> None:
        """Report required fields that are missing in ``bound`` or below, without what lies in an Any (done there)."""
        start, end = (field.name_start, field.name_end) if field is not None else (0, 0)
        waiting: list[tuple[BoundMessage, int, int]] = [(bound, start, end)]
        while waiting:
            current, start, end = waiting.pop()
            if id(current) not in self.doubtful and not current.message.IsInitialized():
                for target in current.message.DESCRIPTOR.fields:
                    if target.label == FieldDescriptor.LABEL_REQUIRED and not current.message.HasField(target.name):
                        self.problems.append(
                            Problem(
                                "missing-required-field",
                                f"{current.type_name} needs the field {target.name}",
                                start,
                                end,
                                help=f"add {target.name}: {_example(target)}",
                                protobuf=f"Message missing required fields: {target.name}",
                            )
                        )
            if current.type_name != ANY:
                waiting += [
                    (inner.value, inner.name_start, inner.name_end)
                    for inner in current.fields
                    if isinstance(inner.value, BoundMessage)
                ]

    # -- scalars -----------------------------------------------------------------------------------------------------

    def _scalar(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar) -> Any:
        """The Python value of a scalar, or :data:`_REFUSED` after reporting why there is none."""
        cpp_type = target.cpp_type
        if cpp_type in _INTEGERS:
            return self._integer(bound, target, field, value)
        match cpp_type:
            case FieldDescriptor.CPPTYPE_FLOAT | FieldDescriptor.CPPTYPE_DOUBLE:
                return self._float(bound, target, field, value)
            case FieldDescriptor.CPPTYPE_BOOL:
                return self._bool(bound, target, field, value)
            case FieldDescriptor.CPPTYPE_ENUM:
                return self._enum(bound, target, field, value)
            case _:
                return self._string(bound, target, field, value)

    def _wrong_type(
        self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar, protobuf: str = ""
    ) -> Any:
        written = value.text if len(value.text) < 40 else f"{value.text[:40]}…"
        sign = "-" if value.negative else ""
        fix = None
        if target.cpp_type == FieldDescriptor.CPPTYPE_STRING and value.lexeme is not Lexeme.STRING:
            fix = Fix(value.start, value.end, f'"{sign}{value.text}"')
        elif value.lexeme is Lexeme.STRING and target.cpp_type != FieldDescriptor.CPPTYPE_MESSAGE:
            fix = Fix(value.start, value.end, value.text[1:-1])
        self._problem(
            bound,
            "wrong-type",
            f"{field.name} takes {_KIND_NAMES[target.cpp_type]}, not {sign}{written}",
            value.start,
            value.end,
            help=f"write {field.name}: {fix.text}" if fix is not None else "",
            fix=fix,
            protobuf=protobuf or f"Expected {target.name}, got: {sign}{written}",
        )
        return _REFUSED

    def _integer(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar) -> Any:
        low, high = _INTEGERS[target.cpp_type]
        if value.lexeme is not Lexeme.INTEGER or (value.negative and low == 0):
            got = "-" if value.negative and low == 0 else value.text
            return self._wrong_type(bound, target, field, value, f"Expected integer, got: {got}")
        number = _safe_integer(value.text)
        if number is None:
            return _REFUSED  # a bad number, reported by the parser
        number = -number if value.negative else number
        if not low <= number <= high:
            self._problem(
                bound,
                "out-of-range",
                f"{field.name} must lie between {low} and {high}, not {number}",
                value.start,
                value.end,
                protobuf=f"Integer out of range ({value.text})",
            )
            return _REFUSED
        return number

    def _float(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar) -> Any:
        number: float
        match value.lexeme:
            case Lexeme.INTEGER:
                if is_hexadecimal(value.text) or is_octal(value.text):
                    return self._wrong_type(bound, target, field, value, f"Expect a decimal number, got: {value.text}")
                number = _decimal(value.text)
            case Lexeme.FLOAT:
                number = _decimal(value.text)
            case Lexeme.IDENTIFIER if value.text.lower() in ("inf", "infinity"):
                number = math.inf
            case Lexeme.IDENTIFIER if value.text.lower() == "nan":
                number = math.nan
            case _:
                return self._wrong_type(bound, target, field, value, f"Expected double, got: {value.text}")
        number = -number if value.negative else number
        return _single(number) if target.cpp_type == FieldDescriptor.CPPTYPE_FLOAT else number

    def _bool(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar) -> Any:
        if not value.negative:
            if value.lexeme is Lexeme.INTEGER:
                number = _safe_integer(value.text)
                if number in (0, 1):
                    return bool(number)
                protobuf = f"Integer out of range ({value.text})"
                return self._wrong_type(bound, target, field, value, protobuf)
            if value.lexeme is Lexeme.IDENTIFIER and value.text in (*_TRUE, *_FALSE):
                return value.text in _TRUE
        return self._wrong_type(
            bound, target, field, value, f'Invalid value for boolean field "{target.name}". Value: "{value.text}".'
        )

    def _enum(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar) -> Any:
        enum = target.enum_type
        names = enum.values_by_name
        if value.lexeme is Lexeme.IDENTIFIER and not value.negative:
            if value.text in names:
                return names[value.text].number
        elif value.lexeme is Lexeme.INTEGER:
            number = _safe_integer(value.text)
            if number is None:
                return _REFUSED
            number = -number if value.negative else number
            # Asked for a number beyond 32 bits, protobuf's own table answers for its lower half.
            fits = -(2**31) <= number < 2**31
            if fits and (number in enum.values_by_number or not enum.is_closed):
                return number
        else:
            return self._wrong_type(bound, target, field, value, f"Expected integer or identifier, got: {value.text}")
        near = _nearest(value.text, names)
        self._problem(
            bound,
            "unknown-enum-value",
            f"{field.name} has no value {'-' if value.negative else ''}{value.text}",
            value.start,
            value.end,
            help=f"did you mean {near}?" if near else f"it takes {', '.join(names)}",
            fix=Fix(value.start, value.end, near) if near else None,
            protobuf=f'Unknown enumeration value of "{value.text}" for field "{target.name}".',
        )
        return _REFUSED

    def _string(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar) -> Any:
        if value.lexeme is not Lexeme.STRING or value.negative:
            return self._wrong_type(bound, target, field, value, f"Expected string, got: {value.text}")
        data = b"".join(unescape(part) for part in value.parts)
        if target.type == FieldDescriptor.TYPE_BYTES:
            return data
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self._problem(
                bound,
                "not-utf8",
                f"{field.name} is no UTF-8 text",
                value.start,
                value.end,
                help="escape bytes only in fields of type bytes",
            )
            return _REFUSED


def _safe_integer(text: str) -> int | None:
    try:
        return integer(text)
    except ValueError:
        return None


def _decimal(text: str) -> float:
    try:
        return real(text)
    except ValueError:
        return 0.0  # a bad number, reported by the parser


def _single(number: float) -> float:
    """The nearest float of single precision; beyond its range infinity, as C++ converts."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        # IEEE rounding: what lies less than half a step above the largest float is still that float.
        largest = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
        step = 2.0**104
        return math.copysign(largest if abs(number) < largest + step / 2 else math.inf, number)


def _example(target: FieldDescriptor) -> str:
    match target.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return '"…"'
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return "{ … }"
        case _:
            return "…"


def _nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to ``word``, or ``None`` where nothing is close."""
    from difflib import get_close_matches  # only where something is wrong already

    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.lower(), candidate)
    found = get_close_matches(word.lower(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


__all__ = ["ANY", "ANY_DOMAINS", "bind"]
