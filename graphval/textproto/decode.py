"""From the bytes of a file to its text."""

from __future__ import annotations

import codecs

from graphval.textproto.problem import Problem
from graphval.textproto.source import Source

MAX_BYTES = 1 << 20
"""Hundreds of times what people write by hand."""
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How the few lines begin that Git keeps in place of a large file."""
_LOOKED_AT = 4096
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\v\f"))


def decode(data: bytes, file: str, most: int = MAX_BYTES) -> tuple[Source, list[Problem]]:
    """The text of ``data``, shown to the user as ``file``.

    Bytes that are no UTF-8 are kept as surrogates (they are legal in comments and strings only, as every byte above
    127 is); the parser reports them where they stand. Beyond ``most`` bytes, and where the bytes are no text at all or
    stand for another file, nothing is read: the source is then empty.
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
    if data.startswith(LFS_POINTER):
        words = "this is a Git LFS pointer, not the file itself"
        return Source(file, ""), [Problem("pointer", words, 0, 0, help="fetch the file with git lfs pull")]
    if _is_binary(data):
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        advice = (
            "save it as UTF-8" if wide else "is this the right file? graphs and settings are text that people write"
        )
        return Source(file, ""), [Problem("binary", "this is no text", 0, 0, help=advice)]
    return Source(file, data.decode("utf-8", errors="surrogateescape")), []


def undecoded(text: str) -> Problem | None:
    """What is wrong with the first byte that is no UTF-8, in a text from :func:`decode`; ``None`` where all are."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as why:
        byte = text[why.start].encode("utf-8", errors="surrogateescape")[0]
        words = f"byte 0x{byte:02X} is no UTF-8 text"
        return Problem("not-utf8", words, why.start, why.start + 1, help="save the file as UTF-8")
    return None


def _is_binary(data: bytes) -> bool:
    """Whether control characters are more than a slip: one in twenty of the first bytes, and more than a few."""
    head = data[:_LOOKED_AT]
    control = len(head) - len(head.translate(None, _CONTROL))
    return control > max(8, len(head) // 20)
