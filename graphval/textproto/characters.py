"""Characters that no token may have: what they are and what was probably meant."""

from __future__ import annotations

from graphval.textproto.problem import Fix, Problem

_MEANT = {
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'", "\u00a0": " ", "\u2007": " ",
    "\u202f": " ", "\u200b": "", "\u2013": "-", "\u2212": "-", "\uff1a": ":", "\uff5b": "{", "\uff5d": "}",
}  # fmt: skip
_NAMES = {
    "\u00a0": "a no-break space", "\u2007": "a figure space", "\u202f": "a narrow no-break space",
    "\u200b": "a zero-width space", "\ufeff": "a byte order mark",
}  # fmt: skip


def is_typographic_quote(character: str) -> bool:
    """Whether a character is a quote, and none of those that the format has."""
    return _MEANT.get(character) in ('"', "'")


def foreign_problem(text: str, start: int) -> Problem:
    """What is wrong with a run of characters above 127 outside strings and comments.

    Bytes that were no UTF-8 arrive as the surrogates U+DC80 to U+DCFF (see :mod:`graphval.textproto.decode`).
    """
    first, end = text[0], start + len(text)
    byte = first.encode("utf-8", errors="surrogateescape")[0]
    protobuf = f"Interpreting non ascii codepoint {byte}."
    if first == "\ufeff" and start == 0:
        return Problem(
            "byte-order-mark",
            "the file begins with a byte order mark",
            0,
            1,
            "save it as UTF-8 without BOM",
            Fix(0, 1, ""),
            protobuf,
        )
    if "\udc80" <= first <= "\udcff":
        return Problem(
            "not-utf8", f"byte 0x{byte:02X} is no UTF-8 text", start, end, "save the file as UTF-8", protobuf=protobuf
        )
    name = _NAMES.get(first, f'"{first}"')
    meant = _MEANT.get(first)
    fix = None
    help_text = "only comments and strings may hold such characters"
    if meant is not None and text == first * len(text):
        fix = Fix(start, end, meant * len(text))
        help_text = f"write {meant}" if meant.strip() else "write a plain space" if meant else "remove it"
    return Problem(
        "non-ascii-character", f"{name} (U+{ord(first):04X}) outside a string", start, end, help_text, fix, protobuf
    )
