"""What an OpenVINO IR holds, told from the text of its XML as it streams by.

Language models have tens of megabytes of XML. To know whether an operation is in it, nothing needs to be parsed: each
layer names its type in an attribute of one form.

Source: OpenVINO `src/core/src/pass/serialize.cpp` (2026.4).
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from graphval.textproto.decode import LFS_POINTER

_CHUNK = 1 << 20
_TAIL = 256
_OVERLAP = 128
"""Bytes of a chunk that are looked at with the next one: more than anything looked for has."""
_WEIGHTS = re.compile(rb'offset="([0-9]{1,19})" size="([0-9]{1,19})"')


class IrOperations(NamedTuple):
    """``types``: which of the operation types looked for are there. ``complete``: the text ends as an IR ends.
    ``pointer``: the file is not the model but the note that Git LFS left in its stead. ``weights``: how many bytes the
    file of weights must have."""

    types: frozenset[str]
    complete: bool
    pointer: bool
    weights: int


LOOKED_FOR = ("ScaledDotProductAttention", "PagedAttentionExtension", "ReadValue", "Const")


def operations_of(file: Path) -> IrOperations | None:
    """What ``file`` holds; ``None`` where it cannot be read."""
    try:
        facts = file.stat()
        return _operations(str(file), facts.st_mtime_ns, facts.st_size)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _operations(file: str, _changed: int, size: int) -> IrOperations:
    needles = {f'type="{name}"'.encode(): name for name in LOOKED_FOR}
    found: set[str] = set()
    weights = 0
    with open(file, "rb") as stream:  # noqa: PTH123 - the cache is keyed by the text of the path
        before = b""
        head = stream.read(len(LFS_POINTER))
        stream.seek(0)
        while chunk := stream.read(_CHUNK):
            window = before + chunk
            found |= {name for needle, name in needles.items() if name not in found and needle in window}
            for offset, length in _WEIGHTS.findall(window):
                weights = max(weights, int(offset) + int(length))
            before = window[-_OVERLAP:]
        stream.seek(max(0, size - _TAIL), os.SEEK_SET)
        tail = stream.read()
    return IrOperations(frozenset(found), b"</net>" in tail, head == LFS_POINTER, weights)


def is_lfs_pointer(file: Path) -> bool:
    """Whether a file of weights is the note that Git LFS left in its stead."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(LFS_POINTER)) == LFS_POINTER
    except OSError:
        return False
