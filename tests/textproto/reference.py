"""What protobuf itself makes of a text: C++ through ``protoc --encode``, Python through ``text_format``."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.protobuf import text_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet
from google.protobuf.message import EncodeError, Message
from google.protobuf.message_factory import GetMessageClass

from graphval.catalog import load
from graphval.graph import graph_schema
from graphval.textproto import bind, decode, parse

CATALOG = load()
POOL = CATALOG.pool
"""Made whole here, for below a message is looked up in the pool of another's file."""
GRAPH = GetMessageClass(CATALOG.graph_config)
_ANY = "google.protobuf.Any"


@dataclass(frozen=True)
class Answer:
    """A parser's answer: the message, or why it refused the text."""

    message: Message | None
    reason: str = ""

    @property
    def accepted(self) -> bool:
        return self.message is not None


def ours(text: bytes) -> Answer:
    """graphval's reader and binder."""
    source, problems = decode(text, "graph.pbtxt")
    document = parse(source)
    bound, misfits = bind(document, graph_schema(CATALOG))
    problems = [*problems, *document.problems, *misfits]
    if problems:
        return Answer(None, "; ".join(f"{p.kind} at {p.start}: {p.message}" for p in problems[:3]))
    return Answer(bound.message)


def python(text: bytes) -> Answer:
    """``text_format`` of the installed protobuf."""
    message = GRAPH()
    try:
        text_format.Parse(text, message, descriptor_pool=POOL)
    except (text_format.ParseError, EncodeError, UnicodeDecodeError, RecursionError) as why:
        return Answer(None, str(why))
    missing = message.FindInitializationErrors()
    return Answer(None, f"missing {missing}") if missing else Answer(message)


def cpp(texts: Sequence[bytes], root: Descriptor = CATALOG.graph_config) -> list[Answer]:
    """protobuf's C++ parser, on all texts by one child process."""
    with TemporaryDirectory(prefix="graphval-protoc-") as name:
        folder = Path(name)
        (folder / "descriptors").write_bytes(_descriptors(root))
        pairs = []
        for number, text in enumerate(texts):
            (folder / f"{number}.txt").write_bytes(text)
            pairs.append((str(folder / f"{number}.txt"), str(folder / f"{number}.bin")))
        jobs = {
            "descriptors": str(folder / "descriptors"),
            "type": root.full_name,
            "file": root.file.name,
            "pairs": pairs,
        }
        (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
        child = Path(__file__).with_name("protoc_child.py")
        subprocess.run([sys.executable, child, folder / "jobs.json"], check=True, capture_output=True)
        return [_cpp_answer(Path(target), GetMessageClass(root)()) for _, target in pairs]


def _cpp_answer(target: Path, message: Message) -> Answer:
    said = Path(f"{target}.err").read_text(encoding="utf-8", errors="replace")
    if Path(f"{target}.code").read_text(encoding="ascii") != "0" or "missing required fields" in said:
        return Answer(None, said.strip())
    message.ParseFromString(target.read_bytes())
    # `--encode` lets required fields inside `Any` be missing; the parser that OVMS calls does not.
    missing = [error for inner in _inside_any(message) for error in inner.FindInitializationErrors()]
    return Answer(None, f"missing {missing}") if missing else Answer(message)


def _inside_any(message: Any) -> Iterator[Message]:
    """The messages inside all ``Any`` fields below ``message``."""
    if message.DESCRIPTOR.full_name == _ANY and message.type_url:
        inner = _unpacked(message)
        yield inner
        yield from _inside_any(inner)
        return
    for value in _messages_in(message):
        yield from _inside_any(value)


def _unpacked(message: Any) -> Message:
    pool = message.DESCRIPTOR.file.pool
    inner = GetMessageClass(pool.FindMessageTypeByName(message.type_url.rpartition("/")[2]))()
    inner.MergeFromString(message.value)
    return inner


def _messages_in(message: Message) -> Iterator[Message]:
    for field, value in message.ListFields():
        if field.cpp_type != FieldDescriptor.CPPTYPE_MESSAGE:
            continue
        if field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
                yield from value.values()
        elif field.label == FieldDescriptor.LABEL_REPEATED:
            yield from value
        else:
            yield value


@cache
def _descriptors(root: Descriptor) -> bytes:
    files = FileDescriptorSet()
    pool = root.file.pool
    pending = [root.file.name]
    if root is CATALOG.graph_config:
        pending += [pool.FindMessageTypeByName(name).file.name for name in sorted(CATALOG.options_messages)]
    seen = set[str]()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        file = FileDescriptorProto()
        pool.FindFileByName(name).CopyToProto(file)
        for message in file.message_type:
            _group_oneofs(message)
        files.file.append(file)
        pending += file.dependency
    return files.SerializeToString()


def _group_oneofs(message: DescriptorProto) -> None:
    """Put the fields of each oneof side by side, which C++ insists on and Python does not keep."""
    fields = sorted(message.field, key=lambda f: f.oneof_index if f.HasField("oneof_index") else -1)
    del message.field[:]
    message.field.extend(fields)
    for nested in message.nested_type:
        _group_oneofs(nested)


def same(one: Message, other: Message) -> bool:
    """Whether two messages are equal, NaN and the bytes inside ``Any`` taken for what they mean."""
    return canonical(one) == canonical(other)


def canonical(message: Message) -> bytes:
    """The message's bytes in one order, with every ``Any`` inside written anew."""
    copy = type(message)()
    copy.CopyFrom(message)
    _settle(copy)
    return base64.b64encode(copy.SerializePartialToString(deterministic=True))


def _settle(message: Any) -> None:
    if message.DESCRIPTOR.full_name == _ANY and message.type_url:
        inner = _unpacked(message)
        _settle(inner)
        message.value = inner.SerializePartialToString(deterministic=True)
        return
    for value in _messages_in(message):
        _settle(value)
