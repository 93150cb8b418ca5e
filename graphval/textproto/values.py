"""Scalars to the values of their fields, by the type of the field.

Source: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl::ConsumeFieldValue`` (3.19).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from google.protobuf.descriptor import FieldDescriptor

from graphval.textproto.nearest import nearest, unmistakable
from graphval.textproto.pieces import Piece
from graphval.textproto.problem import Fix, Problem
from graphval.textproto.scalars import integer, is_hexadecimal, is_octal, real, single, unescape
from graphval.textproto.tree import Lexeme, Scalar

if TYPE_CHECKING:
    from graphval.textproto.schema import FieldType

ScalarValue: TypeAlias = int | float | bool | str | bytes

_INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
_TRUE, _FALSE = ("true", "True", "t"), ("false", "False", "f")
_PLAIN_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_FIT_ANYWHERE = 9
"""Whole numbers of so many digits fit into all integer fields."""
_SHOWN = 40
"""So many characters of a value are repeated in a message."""

KIND_NAMES = {
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
"""What a field takes, in words, by its ``cpp_type``."""

_EXPECTED = {
    **dict.fromkeys(_INTEGERS, "integer"),
    FieldDescriptor.CPPTYPE_FLOAT: "double",
    FieldDescriptor.CPPTYPE_DOUBLE: "double",
    FieldDescriptor.CPPTYPE_BOOL: "identifier",
    FieldDescriptor.CPPTYPE_STRING: "string",
    FieldDescriptor.CPPTYPE_ENUM: "integer or identifier",
}
"""The same in protobuf's words; a block is an opening brace to it."""


def scalar_value(target: FieldType, name: str, value: Scalar) -> ScalarValue | Problem:
    """What the field ``target``, written as ``name``, holds for a scalar; or why it can hold nothing."""
    return _READERS.get(target.cpp_type, _string)(target.descriptor, name, value)


def piece_value(target: FieldType, piece: re.Match[str]) -> ScalarValue | None:
    """The same for a scalar that is a piece of ordinary text; ``None`` where it takes a closer look."""
    kind = piece.lastindex or Piece.END
    text: str = piece[kind]
    if kind == Piece.STRING:
        return text[1:-1] if target.is_text else None
    if kind == Piece.IDENTIFIER:
        return target.words.get(text)
    return int(text) if target.is_integer and len(text) <= _FIT_ANYWHERE and text.isdigit() else None


def expected(target: FieldDescriptor, found: str) -> str:
    """What protobuf says where a token stands that cannot begin the field's value."""
    wanted = _EXPECTED.get(target.cpp_type)
    return f"Expected {wanted}, got: {found}" if wanted is not None else f'Expected "{{", found "{found}".'


def wrong_type(target: FieldDescriptor, name: str, value: Scalar, protobuf: str = "") -> Problem:
    """A scalar of a kind that the field does not take."""
    written = _written(value)
    fix = None
    if target.cpp_type == FieldDescriptor.CPPTYPE_STRING and value.lexeme is not Lexeme.STRING:
        fix = Fix(value.start, value.end, f'"{"-" if value.negative else ""}{value.text}"')
    elif value.lexeme is Lexeme.STRING and len(value.parts) == 1 and target.cpp_type != FieldDescriptor.CPPTYPE_MESSAGE:
        bare = value.text[1:-1]
        fix = Fix(value.start, value.end, bare, certain=_takes(target, bare))
    return Problem(
        "wrong-type",
        f"{name} takes {KIND_NAMES[target.cpp_type]}, not {written}",
        value.start,
        value.end,
        help=f"write {name}: {fix.text}" if fix is not None else "",
        fix=fix,
        protobuf=protobuf or expected(target, first_token(value)),
    )


def _takes(target: FieldDescriptor, bare: str) -> bool:
    """Whether what stands in quotes is, without them, a plain value of the field."""
    if target.cpp_type == FieldDescriptor.CPPTYPE_ENUM:
        return bare.isascii() and bare in target.enum_type.values_by_name  # which does not take every text
    if target.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return bare in ("true", "false")
    if target.cpp_type in _INTEGERS:
        low, high = _INTEGERS[target.cpp_type]
        return bool(_PLAIN_INTEGER.fullmatch(bare)) and low <= int(bare) <= high
    return bool(_PLAIN_NUMBER.fullmatch(bare))


def first_token(value: Scalar) -> str:
    """The token at which protobuf stops: the sign, or of strings that follow each other the first."""
    return "-" if value.negative else value.parts[0] if value.parts else value.text


def _written(value: Scalar) -> str:
    cut = value.text if len(value.text) <= _SHOWN else f"{value.text[:_SHOWN]}…"
    return f"-{cut}" if value.negative else cut


def _integer(target: FieldDescriptor, name: str, value: Scalar) -> int | Problem:
    low, high = _INTEGERS[target.cpp_type]
    if value.lexeme is not Lexeme.INTEGER or (value.negative and low == 0):
        signed = value.negative and low != 0
        return wrong_type(target, name, value, expected(target, value.text) if signed else "")
    number = integer(value.text)
    number = -number if value.negative else number
    if low <= number <= high:
        return number
    return Problem(
        "out-of-range",
        f"{name} must lie between {low} and {high}, not {_written(value)}",
        value.start,
        value.end,
        protobuf=f"Integer out of range ({value.text})",
    )


def _float(target: FieldDescriptor, name: str, value: Scalar) -> float | Problem:
    number: float
    match value.lexeme:
        case Lexeme.INTEGER:
            if is_hexadecimal(value.text) or is_octal(value.text):
                return wrong_type(target, name, value, f"Expect a decimal number, got: {value.text}")
            number = real(value.text)
        case Lexeme.FLOAT:
            number = real(value.text)
        case Lexeme.IDENTIFIER if value.text.lower() in ("inf", "infinity"):
            number = math.inf
        case Lexeme.IDENTIFIER if value.text.lower() == "nan":
            number = math.nan
        case _:
            return wrong_type(target, name, value, expected(target, value.text) if value.negative else "")
    number = -number if value.negative else number
    return single(number) if target.cpp_type == FieldDescriptor.CPPTYPE_FLOAT else number


def _bool(target: FieldDescriptor, name: str, value: Scalar) -> bool | Problem:
    if not value.negative:
        if value.lexeme is Lexeme.INTEGER:
            number = integer(value.text)
            if number in (0, 1):
                return bool(number)
            return wrong_type(target, name, value, f"Integer out of range ({value.text})")
        if value.lexeme is Lexeme.IDENTIFIER:
            if value.text in (*_TRUE, *_FALSE):
                return value.text in _TRUE
            protobuf = f'Invalid value for boolean field "{target.name}". Value: "{value.text}".'
            return wrong_type(target, name, value, protobuf)
    return wrong_type(target, name, value)


def _enum(target: FieldDescriptor, name: str, value: Scalar) -> int | Problem:
    enum = target.enum_type
    names = enum.values_by_name
    written = f"-{value.text}" if value.negative else value.text
    protobuf = f'Unknown enumeration value of "{written}" for field "{target.name}".'
    if value.lexeme is Lexeme.IDENTIFIER and not value.negative:
        if value.text in names:
            number: int = names[value.text].number
            return number
    elif value.lexeme is Lexeme.INTEGER:
        number = -integer(value.text) if value.negative else integer(value.text)
        # Asked for a number beyond 32 bits, protobuf's own table answers for its lower half.
        fits = -(2**31) <= number < 2**31
        if fits and (number in enum.values_by_number or not enum.is_closed):
            return number
        protobuf = (
            f'Unknown enumeration value of "{number}" for field "{target.name}".'
            if fits
            else f"Integer out of range ({value.text})"
        )
    else:
        return wrong_type(target, name, value, f"Expected integer, got: {value.text}" if value.negative else "")
    near = nearest(value.text, names, cutoff=0.7)
    return Problem(
        "unknown-enum-value",
        f"{name} has no value {written}",
        value.start,
        value.end,
        help=f"did you mean {near}?" if near else f"it takes {', '.join(names)}",
        fix=Fix(value.start, value.end, near, certain=near == unmistakable(value.text, names)) if near else None,
        protobuf=protobuf,
    )


def _string(target: FieldDescriptor, name: str, value: Scalar) -> str | bytes | Problem:
    if value.lexeme is not Lexeme.STRING or value.negative:
        return wrong_type(target, name, value)
    data = b"".join(unescape(part) for part in value.parts)
    if target.type == FieldDescriptor.TYPE_BYTES:
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return Problem(
            "not-utf8",
            f"{name} is no UTF-8 text",
            value.start,
            value.end,
            help="escape bytes only in fields of type bytes",
        )


_READERS: dict[int, Callable[[FieldDescriptor, str, Scalar], ScalarValue | Problem]] = {
    **dict.fromkeys(_INTEGERS, _integer),
    FieldDescriptor.CPPTYPE_FLOAT: _float,
    FieldDescriptor.CPPTYPE_DOUBLE: _float,
    FieldDescriptor.CPPTYPE_BOOL: _bool,
    FieldDescriptor.CPPTYPE_ENUM: _enum,
}

__all__ = ["KIND_NAMES", "ScalarValue", "expected", "first_token", "piece_value", "scalar_value", "wrong_type"]
