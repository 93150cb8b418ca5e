"""Binding a syntax tree to message descriptors: the protobuf message it stands for, and everything that does not fit.

Source of the rules: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl`` (3.19), with singular fields given
twice forbidden and missing required fields refused, as ``TextFormat::ParseFromString`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from graphval.textproto.bound import BoundField, BoundMessage, BoundValue
from graphval.textproto.meanings import ANY, Meanings
from graphval.textproto.problem import MAX_PROBLEMS, Fix, Problem, TooMuch
from graphval.textproto.tree import Document, Field, Form, ListValue, MessageValue, Scalar
from graphval.textproto.values import KIND_NAMES, scalar_value, wrong_type


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
    binder = _Binder(Meanings(pool, known_types))
    message = GetMessageClass(descriptor)()
    bound = BoundMessage(document.source, descriptor.full_name, message, 0, len(document.source.text))
    with suppress(TooMuch):
        binder.message(bound, descriptor, document.fields)
        binder.required(bound, None)
    binder.problems.sort(key=lambda problem: problem.start)
    return bound, binder.problems


class _Binder:
    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self.problems: list[Problem] = []
        self._doubtful: set[int] = set()
        """Ids of messages in which something could not be bound: what they lack may be what was misspelt."""

    def _report(self, owner: BoundMessage, problem: Problem) -> None:
        self._doubtful.add(id(owner))
        self.problems.append(problem)
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
            match self._meanings.field(descriptor, field):
                case Problem() as problem:
                    self._report(bound, problem)
                case target if field.value is not None:
                    if self._may_be_given(bound, field, target, given, oneofs):
                        self._field(bound, target, field)

    def _may_be_given(
        self,
        bound: BoundMessage,
        field: Field,
        target: FieldDescriptor,
        given: dict[str, Field],
        oneofs: dict[str, str],
    ) -> bool:
        """Whether a field may be given (again): singular ones once, one member of a oneof."""
        if _is_repeated(target):
            return True
        key = target.full_name
        if key in given and _is_present(bound.message, target):
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
        given[key] = field
        oneof = target.containing_oneof
        if oneof is not None:
            other = oneofs.setdefault(oneof.name, target.name)
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
                        f'oneof "{oneof.name}".',
                    ),
                )
                return False
        return True

    # -- values ------------------------------------------------------------------------------------------------------

    def _field(self, bound: BoundMessage, target: FieldDescriptor, field: Field) -> None:
        value = field.value
        if isinstance(value, ListValue) and not _is_repeated(target):
            self._report(
                bound,
                Problem(
                    "list-for-singular",
                    f"{field.name} takes one value, not a list",
                    value.start,
                    value.end,
                    help="remove the brackets",
                    protobuf="Expected a single value, found a list.",
                ),
            )
            return
        if target.cpp_type != FieldDescriptor.CPPTYPE_MESSAGE and not field.colon:
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

    def _one(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar | MessageValue) -> None:
        takes_block = target.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE
        match value:
            case MessageValue() if takes_block:
                self._submessage(bound, target, field, value)
            case Scalar() if takes_block:
                self._report(bound, wrong_type(target, field.name, value))
            case MessageValue():
                self._report(
                    bound,
                    Problem(
                        "wrong-type",
                        f"{field.name} takes {KIND_NAMES[target.cpp_type]}, not a block",
                        value.start,
                        min(value.end, value.start + 1),
                        protobuf='Expected ":", found "{".',
                    ),
                )
            case Scalar():
                self._scalar(bound, target, field, value)

    def _scalar(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: Scalar) -> None:
        held = scalar_value(target, field.name, value)
        if isinstance(held, Problem):
            self._report(bound, held)
            return
        message: Any = bound.message
        if _is_repeated(target):
            (message.Extensions[target] if target.is_extension else getattr(message, target.name)).append(held)
        elif target.is_extension:
            message.Extensions[target] = held
        else:
            setattr(message, target.name, held)
        _note(bound, target, field, held, value.start, value.end, f"-{value.text}" if value.negative else value.text)

    def _submessage(self, bound: BoundMessage, target: FieldDescriptor, field: Field, value: MessageValue) -> None:
        descriptor: Descriptor = target.message_type
        parent: Any = bound.message
        is_map = descriptor.GetOptions().map_entry
        inner: Any = GetMessageClass(descriptor)() if is_map else _added(parent, target)
        sub = BoundMessage(bound.source, descriptor.full_name, inner, value.start, value.end)
        self.message(sub, descriptor, value.fields)
        if is_map:
            entries = getattr(parent, target.name)
            if descriptor.fields_by_name["value"].cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
                entries[inner.key].CopyFrom(inner.value)
            else:
                entries[inner.key] = inner.value
        _note(bound, target, field, sub, value.start, value.end, "")

    # -- Any ---------------------------------------------------------------------------------------------------------

    def _any(self, bound: BoundMessage, field: Field, given: dict[str, Field]) -> None:
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
        given[ANY] = field
        descriptor = self._meanings.any_type(field)
        if isinstance(descriptor, Problem):
            self._report(bound, descriptor)
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
                        protobuf='Expected "{".',
                    ),
                )
            return
        inner = GetMessageClass(descriptor)()
        sub = BoundMessage(bound.source, descriptor.full_name, inner, value.start, value.end)
        self.message(sub, descriptor, value.fields)
        self.required(sub, field)
        message: Any = bound.message
        message.type_url = field.name
        message.value = inner.SerializePartialToString(deterministic=True)
        bound.fields.append(
            BoundField(
                bound.source, descriptor.full_name, field.name_start, field.name_end, sub, value.start, value.end, ""
            )
        )

    # -- required fields ---------------------------------------------------------------------------------------------

    def required(self, bound: BoundMessage, field: Field | None) -> None:
        """Report required fields that are missing in ``bound`` or below, without what lies in an Any (done there)."""
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


def _is_repeated(target: FieldDescriptor) -> bool:
    return bool(target.label == FieldDescriptor.LABEL_REPEATED)


def _is_present(message: Any, target: FieldDescriptor) -> bool:
    if target.is_extension:
        return bool(message.HasExtension(target))
    presence: Any = target  # the stubs of protobuf 4.25 lack has_presence
    if presence.has_presence:
        return bool(message.HasField(target.name))
    return bool(getattr(message, target.name) != target.default_value)


def _added(parent: Any, target: FieldDescriptor) -> Any:
    """A message field made present: a new element of a repeated one, the message itself of a singular one."""
    inner = parent.Extensions[target] if target.is_extension else getattr(parent, target.name)
    if _is_repeated(target):
        return inner.add()
    inner.SetInParent()
    return inner


def _note(
    bound: BoundMessage, target: FieldDescriptor, field: Field, value: BoundValue, start: int, end: int, text: str
) -> None:
    """Remember where a field that was bound is written."""
    name = target.full_name if target.is_extension else target.name
    bound.fields.append(BoundField(bound.source, name, field.name_start, field.name_end, value, start, end, text))


def _example(target: FieldDescriptor) -> str:
    match target.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return '"…"'
        case FieldDescriptor.CPPTYPE_MESSAGE:
            return "{ … }"
        case _:
            return "…"


__all__ = ["bind"]
