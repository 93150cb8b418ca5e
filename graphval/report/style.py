"""Colour for terminals, and text that cannot take a terminal over."""

from __future__ import annotations

from graphval.findings import Severity

_RESET = "\x1b[0m"
_CODES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "gutter": "\x1b[1;34m",
    "good": "\x1b[32m",
    "bad": "\x1b[1;31m",
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;36m",
}


class Paint:
    """Wraps text in a colour by its role, or leaves it alone."""

    def __init__(self, *, on: bool) -> None:
        self._on = on

    def __call__(self, role: str, text: str) -> str:
        return f"{_CODES[role]}{text}{_RESET}" if self._on and text else text


def visible(character: str) -> str:
    """A character as it may be printed.

    Control characters become their pictures (``␛``), bytes that were no UTF-8 their hex, and what reorders or hides
    text its code point: names and strings come from files that nobody has vouched for.
    """
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return " " if character == "\u3000" or character == "\xa0" else f"<U+{code:04X}>"


def one_line(text: str) -> str:
    """A text of unknown origin on one line."""
    if text.isprintable():
        return text
    return "".join(visible(c) if c != "\t" else " " for c in text)
