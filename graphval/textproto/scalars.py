"""Scalar tokens to values, by the rules of C++ protobuf's tokenizer and ``TextFormat``.

Source: protobuf ``io/tokenizer.cc`` and ``text_format.cc`` (3.19).
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    rb"\\(?:([abfnrtv\\?'\"])|([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U(00[0-9a-fA-F]{6})|([\s\S]?))"
)
_SIMPLE = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_ESCAPE_PROBLEMS = {
    "x": "\\x needs hex digits",
    "u": "\\u needs four hex digits",
    "U": "\\U needs eight hex digits, at most 0010FFFF",
}


def escape_problem(token: str) -> tuple[int, int, str] | None:
    """The first escape of a string token that C++ refuses: start and end within the token, and what is wrong."""
    for match in re.finditer(r"\\(?:[abfnrtv\\?'\"]|[0-7]|x[0-9a-fA-F]|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)"
                             r"[0-9a-fA-F]{4}|([\s\S]?))", token[1:-1]):
        bad = match[1]
        if bad is not None:
            what = _ESCAPE_PROBLEMS.get(bad, f"\\{bad} is no escape sequence")
            return match.start() + 1, match.end() + 1, what
    return None


def unescape(token: str) -> bytes:
    """The bytes a string token (quotes included) stands for."""
    raw = token[1:-1].encode("utf-8", errors="surrogateescape")
    if b"\\" not in raw:
        return raw

    def replace(match: re.Match[bytes]) -> bytes:
        simple, octal, hexa, short, long, other = match.groups()
        if simple is not None:
            return _SIMPLE.get(simple, simple)
        if octal is not None:
            return bytes([int(octal, 8) & 0xFF])
        if hexa is not None:
            return bytes([int(hexa, 16)])
        if short is not None or long is not None:
            return chr(int(short or long, 16)).encode("utf-8", errors="surrogatepass")
        return bytes(other or b"")

    text = _ESCAPE.sub(replace, raw)
    if b"\\u" in raw:
        # Two \u escapes that are halves of one code point become that code point.
        text = re.sub(
            rb"\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])",
            lambda m: m[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode(),
            text,
        )
    return text


def is_hexadecimal(text: str) -> bool:
    return text[:2] in ("0x", "0X")


def is_octal(text: str) -> bool:
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()


def is_float(text: str) -> bool:
    """Whether a number token is of C++'s float type (``1f`` and ``1e5`` are)."""
    return not is_hexadecimal(text) and any(character in ".eEfF" for character in text)


def number_problem(text: str) -> str:
    """What C++'s tokenizer refuses about a number token; empty if nothing."""
    if is_hexadecimal(text):
        return "" if len(text) > 2 else '"0x" must be followed by hex digits'
    body = text.rstrip("fF")
    if body[-1:] in ("e", "E", "-", "+"):
        return '"e" must be followed by an exponent'
    if is_octal(text):
        if any(character in ".eE" for character in text):
            return "hex and octal numbers must be integers"
        if any(character in "89" for character in body):
            return "numbers with a leading zero are octal"
    return ""


def integer(text: str) -> int:
    """The value of an integer token: decimal, octal or hexadecimal."""
    if is_hexadecimal(text):
        return int(text, 16)
    return int(text, 8) if is_octal(text) else int(text)


def real(text: str) -> float:
    """The value of a decimal integer or float token."""
    return float(text.rstrip("fF"))
