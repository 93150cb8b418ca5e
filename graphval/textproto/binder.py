"""Binding a syntax tree to message descriptors: the protobuf message it stands for, and everything that does not fit.

Source of the rules: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl`` (3.19), with singular fields given
twice forbidden and missing required fields refused, as ``TextFormat::ParseFromString`` does.
"""

from __future__ import annotations

from contextlib import suppress

from google.protobuf.descriptor import FieldDescriptor

from graphval.textproto.bound import BoundField, BoundMessage
from graphval.textproto.pieces import Piece, PieceField
from graphval.textproto.problem import MAX_PROBLEMS, Fix, Problem, TooMuch
from graphval.textproto.schema import FieldType, Schema
from graphval.textproto.tree import Document, Field, Form, ListValue, MessageValue, Scalar, Value
from graphval.textproto.values import (
    KIND_NAMES,
    ScalarValue,
    expected,
    first_token,
    piece_value,
    scalar_value,
    wrong_type,
)

_NO_COLON = 'Expected ":", found "[".'
"""protobuf's words for a list behind a name; that a scalar or the end is found there is told by the parser."""


def bind(document: Document, schema: Schema) -> tuple[BoundMessage, list[Problem]]:
    """The message of type ``schema.root`` that ``document`` describes, and all that could not be bound.

    The message holds everything that fits.
    """
    binder = _Binder(schema)
    bound = BoundMessage(document.source, schema.root, 0, len(document.source.text))
    with suppress(TooMuch):
        binder.message(bound, document.fields, None)
    if binder.problems:
        binder.problems.sort(key=lambda problem: problem.start)
    return bound, binder.problems


class _Binder:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.problems: list[Problem] = []
        self._doubtful: set[int] = set()
        """Ids of messages in which something could not be bound: what they lack may be what was misspelt."""

    def _report(self, owner: BoundMessage, problem: Problem) -> None:
        self._doubtful.add(id(owner))
        self.problems.append(problem)
        if len(self.problems) >= MAX_PROBLEMS:
            raise TooMuch

    # -- messages ----------------------------------------------------------------------------------------------------

    def message(self, bound: BoundMessage, fields: list[Field], written: Field | None) -> None:
        """Bind the fields of one message; ``written`` is the field that holds it."""
        if bound.type.is_any:
            self._any(bound, fields)
        else:
            self._fields(bound, fields)
        if bound.type.required:
            self._required(bound, written)

    def _fields(self, bound: BoundMessage, fields: list[Field]) -> None:
        """Bind fields in turn. Nearly all of them are pieces with known names and plain values, which is done here; all
        else is done by :meth:`_field`, to which any could be left."""
        source, known, given = bound.source, bound.type.fields, bound.by_name
        keep, a_name, a_string = bound.fields.append, Piece.NAME, Piece.STRING
        oneofs: dict[str, str] = {}
        value: ScalarValue | BoundMessage | None
        for field in fields:
            if not isinstance(field, PieceField):
                self._field(bound, field, oneofs)
                continue
            match, block = field.match, field.block
            target = known.get(match[a_name])
            if target is None or target.oneof is not None:
                self._field(bound, field, oneofs)
                continue
            name = target.name
            before = given.get(name)
            if before is not None and not target.is_repeated:
                value = None
            elif target.is_text and match.lastindex == a_string:
                value = match[a_string][1:-1]
            elif block is None:
                value = piece_value(target, match)
            elif target.takes_block:
                value = BoundMessage(source, target.message, block.start, block.end)
                self.message(value, block.fields, field)
            else:
                value = None
            if value is None:
                self._field(bound, field, oneofs)
                continue
            bound_field = BoundField(source, target, value, field)
            keep(bound_field)
            if before is None:
                given[name] = [bound_field]
            else:
                before.append(bound_field)

    def _field(self, bound: BoundMessage, field: Field, oneofs: dict[str, str]) -> None:
        """Bind any field."""
        target = self._schema.field(bound.type, field)
        value = field.value
        if isinstance(target, Problem):
            self._report(bound, target)
        elif value is not None and (target.is_repeated or self._may_be_given(bound, field, target, oneofs)):
            self._value(bound, target, field, value)

    def _may_be_given(self, bound: BoundMessage, field: Field, target: FieldType, oneofs: dict[str, str]) -> bool:
        """Whether a singular field may be given: once, and of a oneof only one member."""
        if _is_given(bound, target):
            self._report(
                bound,
                Problem(
                    "field-given-twice",
                    f"{field.name} is given twice",
                    field.name_start,
                    field.end,
                    help="keep one of them" if not isinstance(field.value, MessageValue) else "merge the two blocks",
                    protobuf=f'Non-repeated field "{field.name}" is specified multiple times.',
                ),
            )
            return False
        if target.oneof is not None:
            other = oneofs.setdefault(target.oneof, target.name)
            if other != target.name:
                self._report(
                    bound,
                    Problem(
                        "oneof-given-twice",
                        f"{field.name} and {other} exclude each other",
                        field.name_start,
                        field.end,
                        help="keep one of them",
                        protobuf=f'Field "{field.name}" is specified along with field "{other}", another member of '
                        f'oneof "{target.oneof}".',
                    ),
                )
                return False
        return True

    # -- values ------------------------------------------------------------------------------------------------------

    def _value(self, bound: BoundMessage, target: FieldType, field: Field, value: Value) -> None:
        if isinstance(value, ListValue) and not target.is_repeated:
            self._report(
                bound,
                Problem(
                    "list-for-singular",
                    f"{field.name} takes one value, not a list",
                    value.start,
                    value.end,
                    help="remove the brackets",
                    protobuf=expected(target.descriptor, "[") if field.colon or target.takes_block else _NO_COLON,
                ),
            )
            return
        if not field.colon and not target.takes_block and not isinstance(value, MessageValue):
            self._no_colon(bound, field)
        match value:
            case ListValue():
                for item in value.items:
                    self._one(bound, target, field, item)
            case Scalar() | MessageValue():
                self._one(bound, target, field, value)

    def _no_colon(self, bound: BoundMessage, field: Field) -> None:
        self._report(
            bound,
            Problem(
                "missing-colon",
                f'no colon behind "{field.name}"',
                field.name_end,
                field.name_end,
                help="write :",
                fix=Fix(field.name_end, field.name_end, ":"),
                protobuf=_NO_COLON,
            ),
        )

    def _one(self, bound: BoundMessage, target: FieldType, field: Field, value: Scalar | MessageValue) -> None:
        match value:
            case MessageValue() if target.takes_block:
                self._submessage(bound, target, field, value)
            case Scalar() if target.takes_block:
                self._report(bound, wrong_type(target.descriptor, field.name, value))
            case MessageValue():
                self._report(
                    bound,
                    Problem(
                        "wrong-type",
                        f"{field.name} takes {KIND_NAMES[target.cpp_type]}, not a block",
                        value.start,
                        min(value.end, value.start + 1),
                        protobuf=expected(target.descriptor, "{") if field.colon else 'Expected ":", found "{".',
                    ),
                )
            case Scalar():
                self._scalar(bound, target, field, value)

    def _scalar(self, bound: BoundMessage, target: FieldType, field: Field, value: Scalar) -> None:
        held = scalar_value(target, field.name, value)
        if isinstance(held, Problem):
            self._report(bound, held)
        else:
            bound.keep(BoundField(bound.source, target, held, field, value))

    def _submessage(self, bound: BoundMessage, target: FieldType, field: Field, value: MessageValue) -> None:
        inner = BoundMessage(bound.source, target.message, value.start, value.end)
        self.message(inner, value.fields, field)
        bound.keep(BoundField(bound.source, target, inner, field, value))

    # -- Any ---------------------------------------------------------------------------------------------------------

    def _any(self, bound: BoundMessage, fields: list[Field]) -> None:
        """Bind what stands in an ``Any``: a message by its type URL, or the fields of ``Any`` itself."""
        for field in fields:
            if field.form is Form.ANY:
                self._expanded(bound, field)
            else:
                self._field(bound, field, {})

    def _expanded(self, bound: BoundMessage, field: Field) -> None:
        if any(before.value for before in bound.fields):
            self._report(
                bound,
                Problem(
                    "field-given-twice",
                    "an Any holds one message, this is the second",
                    field.name_start,
                    field.end,
                    help="write another node_options { … } for it",
                    protobuf="Non-repeated Any specified multiple times.",
                ),
            )
            return
        kind = self._schema.any_type(field)
        if isinstance(kind, Problem):
            self._report(bound, kind)
            return
        value = field.value
        if isinstance(value, MessageValue):
            inner = BoundMessage(bound.source, kind, value.start, value.end)
            self.message(inner, value.fields, field)
            bound.keep(BoundField(bound.source, kind, inner, field, value))
            bound.expanded = inner
        elif value is not None:
            found = first_token(value) if isinstance(value, Scalar) else "["
            self._report(
                bound,
                Problem(
                    "wrong-type",
                    "an expanded Any takes a block in braces",
                    value.start,
                    value.end,
                    protobuf=f'Expected "{{", found "{found}".',
                ),
            )

    # -- required fields ---------------------------------------------------------------------------------------------

    def _required(self, bound: BoundMessage, written: Field | None) -> None:
        """Report the required fields that a message lacks, at the name of the field that holds it; too many of them are
        not listed, but end nothing."""
        if id(bound) in self._doubtful or len(self.problems) >= MAX_PROBLEMS:
            return
        start, end = (written.name_start, written.name_end) if written is not None else (0, 0)
        self.problems += (
            Problem(
                "missing-required-field",
                f"{bound.type_name} needs the field {target.name}",
                start,
                end,
                help=f"add {target.name}: {_example(target)}",
                protobuf=f"Message missing required fields: {target.name}",
            )
            for target in bound.type.required
            if target.name not in bound.by_name
        )


def _is_given(bound: BoundMessage, target: FieldType) -> bool:
    """Whether a message has been given a singular field. Where protobuf cannot tell a default value from none, such a
    value may be given again. What stands in an ``Any`` gives it both of its fields."""
    before = bound.by_name.get(target.name)
    if before is None:
        inner = bound.expanded
        return inner is not None and (target.name != "value" or bool(inner.message.ByteSize()))
    return target.has_presence or bool(before[-1].value != target.descriptor.default_value)


def _example(target: FieldDescriptor) -> str:
    match target.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return '"…"'
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return "{ … }"
        case _:
            return "…"


__all__ = ["bind"]
