"""The files of an example with one thing in them altered: each field and key left out, each value another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from graphval.catalog import load as load_catalog
from graphval.deployment.json_text import read_json
from graphval.deployment.json_tree import JsonNode, walk
from graphval.textproto import Source, parse
from graphval.textproto.tree import Field, Lexeme, ListValue, MessageValue, Scalar

from .altered_python import of_python

_REPEATED = frozenset(
    {
        *("node", "input_stream", "output_stream", "input_side_packet", "output_side_packet", "input_stream_info"),
        *("executor", "node_options", "sync_set", "tag_index", "profiler_config"),
    }
)
_OTHER_NODE_OPTIONS = "node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { } } "
_OTHER_OPTIONS = ("GateCalculatorOptions", "ThreadPoolExecutorOptions", "FixedSizeInputStreamHandlerOptions")
_DIMENSION = re.compile(r"(?<=<dim>)-?\d+(?=</dim>)")


def alterations(files: dict[str, str]) -> Iterator[tuple[str, str, str | None]]:
    """What is altered: in words, the file, and its text then; ``None`` where it is not there."""
    for path, text in files.items():
        if len(files) > 1:
            yield f"no {path}", path, None
        for title, start, end, new in edits(path, text):
            line = text.count("\n", 0, start) + 1
            yield f"{path}:{line} {title}", path, text[:start] + new + text[end:]


def edits(path: str, text: str) -> Iterator[tuple[str, int, int, str]]:
    """What is altered, from where to where, and what stands there then."""
    if path.endswith(".pbtxt"):
        yield from _of_fields(parse(Source(path, text)).fields, text)
    elif path.endswith(".json"):
        root = read_json(Source(path, text)).root
        yield from _of_json(root, text) if root is not None else ()
    elif path.endswith(".xml"):
        for match in _DIMENSION.finditer(text):
            for other in ("-1", str(int(match[0]) + 1)):
                if other != match[0]:
                    yield f"dimension {match[0]} is {other}", match.start(), match.end(), other
    elif path.endswith(".py"):
        yield from of_python(text)


def _of_fields(fields: list[Field], text: str) -> Iterator[tuple[str, int, int, str]]:
    for field in fields:
        whole = text[field.name_start : field.end]
        yield f"no {field.name}", field.name_start, field.end, ""
        if field.name in _REPEATED:
            yield f"{field.name} twice", field.name_start, field.end, f"{whole} {whole}"
        match field.value:
            case MessageValue() as block:
                yield f"{field.name} with a field nobody knows", block.end - 1, block.end - 1, " homemade: 1 "
                if field.name == "node_options":
                    yield "other node_options before", field.name_start, field.name_start, _OTHER_NODE_OPTIONS
                elif field.name == "options":
                    for other in _OTHER_OPTIONS:
                        yield f"{other} before", block.start + 1, block.start + 1, f" [mediapipe.{other}.ext] {{ }} "
                yield from _of_fields(block.fields, text)
            case Scalar() as scalar:
                yield from _of_scalar(field.name, scalar)
            case ListValue() as values:
                for item in values.items:
                    if isinstance(item, MessageValue):
                        yield from _of_fields(item.fields, text)
                    else:
                        yield from _of_scalar(field.name, item)


def _of_scalar(name: str, scalar: Scalar) -> Iterator[tuple[str, int, int, str]]:
    match scalar.lexeme:
        case Lexeme.STRING:
            others = ['""', f"{scalar.parts[-1][:-1]}_{scalar.parts[-1][-1]}"]
        case Lexeme.IDENTIFIER:
            others = _enumerations().get(scalar.text, [])
        case _:
            others = ["0", "-1", f"{scalar.text}1", *_beside(scalar.text)]
    for other in others:
        if other != scalar.text:
            yield f"{name} is {other}", scalar.start, scalar.end, other


def _of_json(root: JsonNode, text: str) -> Iterator[tuple[str, int, int, str]]:
    for node in walk(root):
        for member in node.members:
            end = member.value.end
            comma = re.match(r"\s*,", text[end:])
            before = re.search(r",\s*$", text[: member.key_start]) if comma is None else None
            start = before.start() if before is not None else member.key_start
            yield f"no {member.key}", start, end + (comma.end() if comma is not None else 0), ""
            yield from ((f"{member.key} is {other}", *edit) for other, *edit in _of_value(member.value))
        for item in node.items:
            yield "item twice", item.end, item.end, f", {text[item.start : item.end]}"
            yield from ((f"item is {other}", *edit) for other, *edit in _of_value(item))


def _of_value(node: JsonNode) -> Iterator[tuple[str, int, int, str]]:
    written = node.place.text
    match node.kind:
        case "string":
            others = ['""', f'{written[:-1]}_"', "1"]
        case "number":
            others = ["0", "-1", f"{written}1", f'"{written}"', *_beside(written)]
        case "boolean":
            others = ["false" if node.value else "true", '"x"']
        case "object":
            others = ["{}", "[]"]
        case _:
            others = ["[]", "{}"]
    for other in others:
        if other != written:
            yield other, node.start, node.end, other


def _beside(number: str) -> list[str]:
    """The whole numbers next to one."""
    return [str(int(number) - 1), str(int(number) + 1)] if number.isdecimal() else []


@cache
def _enumerations() -> dict[str, list[str]]:
    """The other values beside each value of an enumeration, or of a boolean."""
    found = {"true": ["false"], "false": ["true"]}
    for name in sorted(load_catalog().options_messages):
        message = load_catalog().message(name)
        for field in message.fields if message is not None else ():
            values = [value.name for value in field.enum_type.values] if field.enum_type is not None else []
            for value in values:
                found.setdefault(value, [other for other in values if other != value])
    return found
