"""Binding a syntax tree to message descriptors: the protobuf message it stands for, and everything that does not fit.

Source of the rules: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl`` (3.19), with singular fields given
twice forbidden and missing required fields refused, as ``TextFormat::ParseFromString`` does.
"""

from __future__ import annotations

from contextlib import suppress

from google.protobuf.descriptor import FieldDescriptor

from graphval.textproto.bound import BoundField, BoundMessage
from graphval.textproto.meanings import ANY
from graphval.textproto.problem import MAX_PROBLEMS, Fix, Problem, TooMuch
from graphval.textproto.schema import FieldType, MessageType, Schema
from graphval.textproto.tree import Document, Field, Form, ListValue, MessageValue, Scalar, Value
from graphval.textproto.values import KIND_NAMES, expected, scalar_value, wrong_type


def bind(document: Document, schema: Schema) -> tuple[BoundMessage, list[Problem]]:
    """The message of type ``schema.root`` that ``document`` describes, and all that could not be bound.

    The message holds everything that fits.
    """
    binder = _Binder(schema)
    root = schema.root
    bound = BoundMessage(document.source, root.name, root.make(), 0, len(document.source.text))
    with suppress(TooMuch):
        binder.message(bound, root, document.fields)
        binder.required(bound, None)
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

    def message(self, bound: BoundMessage, owner: MessageType, fields: list[Field]) -> None:
        """Bind the fields of one message."""
        given: set[str] = set()
        oneofs: dict[str, str] = {}
        by_name, by_url, known, is_any = Form.NAME, Form.ANY, owner.fields, owner.is_any
        for field in fields:
            if is_any and field.form is by_url:
                self._any(bound, field, given)
                continue
            target = known.get(field.name) if field.form is by_name else None
            if target is None:
                meant = self._schema.field(owner, field)
                if isinstance(meant, Problem):
                    self._report(bound, meant)
                    continue
                target = meant
            value = field.value
            if value is None or not (target.is_repeated or self._may_be_given(bound, field, target, given, oneofs)):
                continue
            # Nearly every field is one of the first two.
            if isinstance(value, Scalar) and field.colon and not target.takes_block:
                self._scalar(bound, target, field, value)
            elif isinstance(value, MessageValue) and target.takes_block:
                self._submessage(bound, target, field, value)
            else:
                self._field(bound, target, field, value)

    def _may_be_given(
        self, bound: BoundMessage, field: Field, target: FieldType, given: set[str], oneofs: dict[str, str]
    ) -> bool:
        """Whether a singular field may be given: once, and of a oneof only one member."""
        if target.name in given and target.is_given(bound.message):
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
        given.add(target.name)
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

    def _field(self, bound: BoundMessage, target: FieldType, field: Field, value: Value) -> None:
        if isinstance(value, ListValue) and not target.is_repeated:
            self._report(
                bound,
                Problem(
                    "list-for-singular",
                    f"{field.name} takes one value, not a list",
                    value.start,
                    value.end,
                    help="remove the brackets",
                    protobuf=expected(target.descriptor, "["),
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
                protobuf='Expected ":".',
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
            return
        target.put(bound.message, held)
        text = f"-{value.text}" if value.negative else value.text
        bound.fields.append(
            BoundField(bound.source, target.name, field.name_start, field.name_end, held, value.start, value.end, text)
        )

    def _submessage(self, bound: BoundMessage, target: FieldType, field: Field, value: MessageValue) -> None:
        kind = target.message
        inner = kind.make() if kind.is_map_entry else target.add(bound.message)
        sub = BoundMessage(bound.source, kind.name, inner, value.start, value.end)
        self.message(sub, kind, value.fields)
        if kind.is_map_entry:
            entries = getattr(bound.message, target.name)
            if kind.descriptor.fields_by_name["value"].cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
                entries[inner.key].CopyFrom(inner.value)
            else:
                entries[inner.key] = inner.value
        bound.fields.append(
            BoundField(bound.source, target.name, field.name_start, field.name_end, sub, value.start, value.end, "")
        )

    # -- Any ---------------------------------------------------------------------------------------------------------

    def _any(self, bound: BoundMessage, field: Field, given: set[str]) -> None:
        if given or bound.fields:
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
        given.add(ANY)
        kind = self._schema.any_type(field)
        if isinstance(kind, Problem):
            self._report(bound, kind)
            return
        value = field.value
        if not isinstance(value, MessageValue):
            if value is not None:
                self._report(
                    bound,
                    Problem(
                        "wrong-type",
                        "an expanded Any takes a block in braces",
                        value.start,
                        value.end,
                        protobuf=f'Expected "{{", found "{bound.source.text[value.start : value.end]}".'
                        if isinstance(value, Scalar)
                        else "",
                    ),
                )
            return
        inner = kind.make()
        sub = BoundMessage(bound.source, kind.name, inner, value.start, value.end)
        self.message(sub, kind, value.fields)
        self.required(sub, field)
        bound.message.type_url = field.name
        bound.message.value = inner.SerializePartialToString(deterministic=True)
        bound.fields.append(
            BoundField(bound.source, kind.name, field.name_start, field.name_end, sub, value.start, value.end, "")
        )

    # -- required fields ---------------------------------------------------------------------------------------------

    def required(self, bound: BoundMessage, field: Field | None) -> None:
        """Report required fields that are missing in ``bound`` or below, without what lies in an Any (done there)."""
        if bound.message.IsInitialized():
            return
        start, end = (field.name_start, field.name_end) if field is not None else (0, 0)
        waiting: list[tuple[BoundMessage, int, int]] = [(bound, start, end)]
        while waiting:
            current, start, end = waiting.pop()
            if id(current) not in self._doubtful and not current.message.IsInitialized():
                self.problems += (
                    Problem(
                        "missing-required-field",
                        f"{current.type_name} needs the field {target.name}",
                        start,
                        end,
                        help=f"add {target.name}: {_example(target)}",
                        protobuf=f"Message missing required fields: {target.name}",
                    )
                    for target in current.message.DESCRIPTOR.fields
                    if target.label == FieldDescriptor.LABEL_REQUIRED and not current.message.HasField(target.name)
                )
            if current.type_name != ANY:
                waiting += [
                    (inner.value, inner.name_start, inner.name_end)
                    for inner in current.fields
                    if isinstance(inner.value, BoundMessage)
                ]


def _example(target: FieldDescriptor) -> str:
    match target.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return '"…"'
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return "{ … }"
        case _:
            return "…"


__all__ = ["bind"]
