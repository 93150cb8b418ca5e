"""Options messages as protobuf descriptors, built file by file when they are first looked up.

Never in the default pool: mediapipe registers the same names there.
"""

from __future__ import annotations

import threading
from binascii import a2b_base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from graphval.catalog.records import text_of

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor
    from google.protobuf.descriptor_pool import DescriptorPool


class Descriptors:
    """The messages and extensions of the proto files that are linked into one release. Threads may share it."""

    def __init__(self, release: str, newest: str) -> None:
        self._own = text_of(f"releases/{release}.descriptors.txt")
        self._newest = text_of(f"releases/{newest}.descriptors.txt") if release != newest else self._own
        self._pool = _empty_pool()
        self._built: set[str] = set()
        self._building = threading.RLock()

    def message(self, full_name: str) -> Descriptor | None:
        """The message of that name, if there is one."""
        self._build_what_defines(full_name)
        try:
            found: Descriptor = self._pool.FindMessageTypeByName(full_name)
        except KeyError:
            return None
        return found

    def extension(self, full_name: str) -> FieldDescriptor | None:
        """The extension of that name, if there is one."""
        self._build_what_defines(full_name)
        try:
            found: FieldDescriptor = self._pool.FindExtensionByName(full_name)
        except KeyError:
            return None
        return found

    def messages(self) -> frozenset[str]:
        """Full names of all messages. Costs a millisecond: for suggestions only."""
        return frozenset(name for file in self._files() for name in file.messages.split(",") if name)

    def extensions(self) -> frozenset[str]:
        """Full names of all extensions, at the same cost."""
        return frozenset(name for file in self._files() for name in file.symbols.split(",") if name.endswith(".ext"))

    def whole_pool(self) -> DescriptorPool:
        """The pool with all there is in it, for protobuf's own parser: it looks only at what is built."""
        for file in self._files():
            self._build(file.name)
        return self._pool

    def _build_what_defines(self, symbol: str) -> None:
        """Build the file that defines a message, enum, field or extension, if any does."""
        for text in (self._own, self._newest):
            at = text.find(f",{symbol},")
            if at >= 0:
                start = text.rfind("\n", 0, at) + 1
                file = self._file(text[start : text.index("\t", start)])
                if file is not None and f",{symbol}," in file.symbols:
                    self._build(file.name)
                    return

    def _build(self, name: str) -> None:
        if name in self._built:
            return
        with self._building:
            file = self._file(name)
            if file is None or name in self._built:
                return
            for imported in file.imported.split(",") if file.imported else ():
                self._build(imported)
            self._pool.AddSerializedFile(a2b_base64(file.encoded))
            self._built.add(name)

    def _files(self) -> Iterator[_File]:
        for line in self._own.split("\n"):
            file = self._file(line.partition("\t")[0]) if line else None
            if file is not None:
                yield file

    def _file(self, name: str) -> _File | None:
        """The record of a proto file, taken from the newest release where the own one says ``=``."""
        line = _record(self._own, name)
        if line == "=":
            line = _record(self._newest, name)
        return _File(name, *line.split("\t")) if line is not None else None


class _File(NamedTuple):
    """A proto file as the data has it; ``symbols`` are all that it defines, between commas."""

    name: str
    symbols: str
    messages: str
    imported: str
    encoded: str


def _record(text: str, name: str) -> str | None:
    start = text.find(f"\n{name}\t")
    if start < 0:
        return None
    start += len(name) + 2
    return text[start : text.index("\n", start)]


def _empty_pool() -> DescriptorPool:
    """A descriptor pool. Protobuf's module of that name imports all of its parser in Python, which takes longer than to
    judge a graph and which nobody needs: the pool itself is written in C."""
    from google.protobuf.internal import api_implementation

    if api_implementation.Type() == "upb":
        written_in_c: Any = api_implementation
        pool: DescriptorPool = written_in_c._c_module.DescriptorPool()
        return pool
    from google.protobuf.descriptor_pool import DescriptorPool

    return DescriptorPool()


__all__ = ["Descriptors"]
