"""Options messages as protobuf descriptors, built file by file when they are first looked up.

Never the default pool: mediapipe registers the same names there.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING

from graphval.catalog.records import text_of

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto


class DescriptorFiles:
    """A descriptor database (protobuf's interface for lazy pools) over the proto files linked into one release."""

    def __init__(self, release: str, newest: str) -> None:
        self._own = text_of(f"releases/{release}.descriptors.txt")
        self._newest = text_of(f"releases/{newest}.descriptors.txt") if release != newest else self._own
        self._served: set[str] = set()

    def _line(self, name: str) -> str | None:
        """The record of a proto file, taken from the newest release where the own one says ``=``."""
        line = _record(self._own, name)
        return _record(self._newest, name) if line == "=" else line

    def FindFileByName(self, name: str) -> FileDescriptorProto:  # noqa: N802 - protobuf's interface
        """The proto file of that name. Raises KeyError, as protobuf expects."""
        from google.protobuf.descriptor_pb2 import FileDescriptorProto

        line = self._line(name)
        if line is None:
            raise KeyError(name)
        self._served.add(name)
        return FileDescriptorProto.FromString(base64.b64decode(line.rpartition("\t")[2]))

    def FindFileContainingSymbol(self, symbol: str) -> FileDescriptorProto:  # noqa: N802
        """The proto file that defines a message, enum, field or extension. Raises KeyError.

        A pool that has the file already and still asks looks for another kind of symbol (an enum as a message): handing
        the file out twice would make it fail as a duplicate.
        """
        for text in (self._own, self._newest):
            at = text.find(f",{symbol},")
            if at >= 0:
                start = text.rfind("\n", 0, at) + 1
                file = text[start : text.index("\t", start)]
                line = self._line(file)
                if line is not None and f",{symbol}," in line and file not in self._served:
                    return self.FindFileByName(file)
        raise KeyError(symbol)

    def messages(self) -> frozenset[str]:
        """Full names of all messages. Costs a millisecond: for suggestions only."""
        return frozenset(name for line in self._lines() for name in line.split("\t")[1].split(",") if name)

    def extensions(self) -> frozenset[str]:
        """Full names of all extensions, at the same cost."""
        return frozenset(
            name for line in self._lines() for name in line.partition("\t")[0].split(",") if name.endswith(".ext")
        )

    def _lines(self) -> Iterator[str]:
        for own in self._own.split("\n"):
            line = self._line(own.partition("\t")[0]) if own else None
            if line is not None:
                yield line


def _record(text: str, name: str) -> str | None:
    start = text.find(f"\n{name}\t")
    if start < 0:
        return None
    start += len(name) + 2
    return text[start : text.index("\n", start)]
