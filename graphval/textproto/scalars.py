"""Scalar tokens to values, by the rules of C++ protobuf's tokenizer and ``TextFormat``.

Source: protobuf ``io/tokenizer.cc`` and ``text_format.cc`` (3.19).
"""

from __future__ import annotations

import math
import re
import struct

_BEYOND_ALL = 21
"""A whole number of so many decimal digits is larger than 64 bits can hold."""
_FLOAT_MAX: float = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
_FLOAT_ROUNDS_DOWN = _FLOAT_MAX + 2.0**103
"""Up to here, half a step above the largest float, a double still becomes that float; beyond, infinity."""

_SIMPLE = {"a": b"\a", "b": b"\b", "f": b"\f", "n": b"\n", "r": b"\r", "t": b"\t", "v": b"\v"}
_ESCAPE_PROBLEMS = {
    "x": ("\\x needs hex digits", "Expected hex digits for escape sequence."),
    "u": ("\\u needs four hex digits", "Expected four hex digits for \\u escape sequence."),
    "U": (
        "\\U needs eight hex digits, at most 0010FFFF",
        "Expected eight hex digits up to 10ffff for \\U escape sequence",
    ),
}
_LEGAL_ESCAPE = r"\\(?:[abfnrtv\\?'\"]|[0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U00[01][0-9a-fA-F]{5}"


def escape_problem(token: str) -> tuple[int, int, str, str] | None:
    """The first escape of a string token that C++ refuses: start and end within the token, what is wrong, and
    protobuf's words for it."""
    for match in re.finditer(_LEGAL_ESCAPE + r"|([\s\S]?))", token[1:-1]):
        bad = match[1]
        if bad is not None:
            message, protobuf = _ESCAPE_PROBLEMS.get(
                bad, (f"\\{bad} is no escape sequence", "Invalid escape sequence in string literal.")
            )
            return match.start() + 1, match.end() + 1, message, protobuf
    return None


def unescape(token: str) -> bytes:
    """The bytes a string token (quotes included) stands for."""
    body = token[1:-1]
    if "\\" not in body:
        return body.encode("utf-8", errors="surrogateescape")
    raw = bytearray()
    at = 0
    head: int | None = None  # a high surrogate that \u or \U just gave, waiting for its low half
    for match in re.finditer(
        r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(u)([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]?))", body
    ):
        octal, hexadecimal, short, four, eight, other = match.groups()
        if match.start() > at:
            raw += body[at : match.start()].encode("utf-8", errors="surrogateescape")
            head = None
        at = match.end()
        if four is not None or eight is not None:
            code = int(four or eight, 16)
            if head is not None and short and 0xDC00 <= code < 0xE000:
                del raw[-3:]
                code = 0x10000 + ((head - 0xD800) << 10 | (code - 0xDC00))
            head = code if 0xD800 <= code < 0xDC00 else None
            raw += _utf8(code)
            continue
        head = None
        if octal is not None:
            raw.append(int(octal, 8) & 0xFF)
        elif hexadecimal is not None:
            raw.append(int(hexadecimal, 16))
        else:
            raw += _SIMPLE.get(other, other.encode("utf-8", errors="surrogateescape"))
    return bytes(raw + body[at:].encode("utf-8", errors="surrogateescape"))


def _utf8(code: int) -> bytes:
    """As protobuf encodes a code point: lone surrogates too, and beyond Unicode the escape itself."""
    if code > 0x10FFFF:
        return bytes((0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F))
    return chr(code).encode("utf-8", errors="surrogatepass")


def is_hexadecimal(text: str) -> bool:
    """Whether a number token is written to the base 16."""
    return text[:2] in ("0x", "0X")


def is_octal(text: str) -> bool:
    """Whether a number token is written to the base 8."""
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()


def is_float(text: str) -> bool:
    """Whether a number token, with a sign or without, is of C++'s float type (``1f`` and ``1e5`` are)."""
    return not is_hexadecimal(text) and not text.removeprefix("-").isdigit()


def number_problem(text: str, tail: str) -> tuple[str, str]:
    """What C++'s tokenizer refuses about a number token and the letters, digits and points that touch it: the message
    and protobuf's words; empty if nothing."""
    if is_hexadecimal(text) and len(text) == 2:
        return '"0x" without hex digits', '"0x" must be followed by hex digits.'
    if is_octal(text) and ("8" in text or "9" in text):
        return "a number with a leading zero is octal", "Numbers starting with leading zero must be in octal."
    if not is_hexadecimal(text) and _without_suffix(text).endswith(("e", "-", "+")):
        return '"e" without an exponent', '"e" must be followed by exponent.'
    if tail[:1] == ".":
        if is_float(text):
            return "a number with two decimal points", "Already saw decimal point or exponent; can't have another one."
        return "a hex or octal number with a decimal point", "Hex and octal numbers must be integers."
    if tail and not tail[0].isdigit():
        return f"{tail} touches the number before it", "Need space between number and identifier."
    return "", ""


def integer(text: str) -> int:
    """The value of a decimal, octal or hexadecimal integer token. Of a decimal one that is too long for any field only
    the first digits are read, which are beyond all ranges too (Python refuses to read thousands of digits)."""
    if is_hexadecimal(text):
        return int(text, 16)
    if is_octal(text):
        return int(text, 8)
    return int(text[:_BEYOND_ALL])


def real(text: str) -> float:
    """The value of a decimal integer or float token."""
    return float(_without_suffix(text))


def _without_suffix(text: str) -> str:
    return text.lower().removesuffix("f")


def single(number: float) -> float:
    """The value a float field holds for a double, by IEEE rounding as C++ does it."""
    if abs(number) <= _FLOAT_MAX or not math.isfinite(number):
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    return math.copysign(_FLOAT_MAX if abs(number) <= _FLOAT_ROUNDS_DOWN else math.inf, number)
