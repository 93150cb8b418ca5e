"""From the bytes of a file to its text."""

from __future__ import annotations

from graphval.textproto.problem import Problem
from graphval.textproto.source import Source

MAX_BYTES = 1 << 20
"""Hundreds of times what people write by hand."""
_LOOKED_AT = 4096
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\v\f"))


def decode(data: bytes, file: str, most: int = MAX_BYTES) -> tuple[Source, list[Problem]]:
    """The text of ``data``, shown to the user as ``file``.

    Bytes that are no UTF-8 are kept as surrogates (they are legal in comments and strings only, as every byte above
    127 is); the parser reports them where they stand. Beyond ``most`` bytes, and where the bytes are no text at all,
    nothing is read: the source is then empty.
    """
    if len(data) > most:
        return Source(file, ""), [
            Problem(
                "too-large",
                f"the file is larger than the {most >> 10:,} KiB that are read",
                0,
                0,
                help="a graph is a few kilobytes: is this the right file?",
            )
        ]
    if _is_binary(data):
        return Source(file, ""), [
            Problem("binary", "this is no text", 0, 0, help="is this the right file? a graph is text that people write")
        ]
    return Source(file, data.decode("utf-8", errors="surrogateescape")), []


def _is_binary(data: bytes) -> bool:
    """Whether control characters are more than a slip: one in twenty of the first bytes, and more than a few."""
    head = data[:_LOOKED_AT]
    control = len(head) - len(head.translate(None, _CONTROL))
    return control > max(8, len(head) // 20)
