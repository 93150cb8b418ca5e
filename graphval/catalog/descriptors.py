"""Options messages as protobuf descriptors, built file by file when they are first looked up.

Never the default pool: mediapipe registers the same names there.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from graphval.catalog.records import text_of

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto


class DescriptorFiles:
    """A descriptor database (protobuf's interface for lazy pools) over the proto files linked into one release."""

    def __init__(self, release: str, newest: str) -> None:
        self._own = text_of(f"releases/{release}.descriptors.txt")
        self._newest = text_of(f"releases/{newest}.descriptors.txt") if release != newest else self._own

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
        return FileDescriptorProto.FromString(base64.b64decode(line.partition("\t")[2]))

    def FindFileContainingSymbol(self, symbol: str) -> FileDescriptorProto:  # noqa: N802
        """The proto file that defines a message, enum, field or extension. Raises KeyError."""
        for text in (self._own, self._newest):
            at = text.find(f",{symbol},")
            if at >= 0:
                start = text.rfind("\n", 0, at) + 1
                file = text[start : text.index("\t", start)]
                line = self._line(file)
                if line is not None and f",{symbol}," in line:
                    return self.FindFileByName(file)
        raise KeyError(symbol)

    def messages(self) -> frozenset[str]:
        """Full names of all messages. Costs a millisecond: for suggestions only."""
        return frozenset(self._symbols() - self.extensions())

    def extensions(self) -> frozenset[str]:
        return frozenset(symbol for symbol in self._symbols() if symbol.endswith(".ext"))

    def _symbols(self) -> set[str]:
        """Every symbol that could be a message or extension: the last part is upper case, or ``ext``."""
        found: set[str] = set()
        for line in self._own.split("\n"):
            file = line.partition("\t")[0]
            for symbol in (self._line(file) or "").partition("\t")[0].split(","):
                last = symbol.rpartition(".")[2]
                if last == "ext" or (last[:1].isupper() and not last.isupper()):
                    found.add(symbol)
        return found


def _record(text: str, name: str) -> str | None:
    start = text.find(f"\n{name}\t")
    if start < 0:
        return None
    start += len(name) + 2
    return text[start : text.index("\n", start)]
