"""Comparing a JSON value with the schema facts of a release, places kept.

The facts (``Catalog.config_json``) describe each value by ``type`` (a word or a list of words), ``keys`` with
``required``, ``unknown_keys``, ``values`` (the types of all members) with ``each`` (what they hold), ``items``,
``minimum``, ``minProperties`` and ``one_of``; they are what OVMS compiled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from graphval.deployment import JsonNode
from graphval.rules.nearest import nearest
from graphval.textproto import Place

_LOOKED_UP = 100
"""Unknown keys of one object for which the one that was meant is looked for."""


class Mistake(NamedTuple):
    place: Place
    message: str
    help: str = ""


def compare(node: JsonNode, schema: Mapping[str, Any], path: str) -> Iterator[Mistake]:
    """Everything about ``node`` that the schema refuses. ``path`` is how messages name the value."""
    if "one_of" in schema:
        yield from _one_of(node, schema["one_of"], path)
        return
    if "type" in schema and not _is_type(node, schema["type"]):
        yield Mistake(node.place, f"{path} must be {_spoken(schema['type'])}, not {article(node.kind)}")
        return
    if node.kind == "number" and "minimum" in schema and node.value < schema["minimum"]:
        yield Mistake(node.place, f"{path} must be at least {schema['minimum']}, not {node.value}")
    if node.kind == "number" and "maximum" in schema and node.value > schema["maximum"]:
        yield Mistake(node.place, f"{path} must be at most {schema['maximum']}, not {node.value}")
    if node.kind == "object":
        yield from _object(node, schema, path)
    elif node.kind == "array" and isinstance(schema.get("items"), Mapping):
        for position, item in enumerate(node.items):
            yield from compare(item, schema["items"], f"{path}[{position}]")


def keys(node: JsonNode, known: Mapping[str, Any], path: str) -> Iterator[Mistake]:
    """The members of an object that takes exactly these keys."""
    unknown = [member for member in node.members if member.key not in known]
    for position, member in enumerate(unknown):
        near = nearest(member.key, known) if position < _LOOKED_UP else None
        yield Mistake(
            member.key_place,
            f'{path} has no key "{member.key}"',
            f'did you mean "{near}"?' if near else f"it takes {', '.join(known)}",
        )
    values = {member.key: member.value for member in reversed(node.members)}  # of a key given twice the first counts
    for name, facts in known.items():
        value = values.get(name)
        if value is not None:
            yield from compare(value, facts, f"{path}.{name}" if path else name)
        elif facts.get("required"):
            yield Mistake(
                Place(node.source, node.start, node.start + 1), f'{path} lacks the key "{name}"', f'add "{name}"'
            )


def _object(node: JsonNode, schema: Mapping[str, Any], path: str) -> Iterator[Mistake]:
    known = schema.get("keys")
    if known is not None:
        if schema.get("unknown_keys") == "allowed":
            known = {**{member.key: {} for member in node.members}, **known}
        yield from keys(node, known, path)
    if "values" in schema:
        for member in node.members:
            if not _is_type(member.value, schema["values"]):
                yield Mistake(
                    member.value.place,
                    f'"{member.key}" of {path} must be {_spoken(schema["values"])}, not {article(member.value.kind)}',
                )
            elif "each" in schema:
                yield from compare(member.value, schema["each"], f"{path}.{member.key}")
    if len(node.members) < schema.get("minProperties", 0) and not any(
        f.get("required") for f in (known or {}).values()
    ):
        yield Mistake(node.place, f"{path} must not be empty")
    most = schema.get("maxProperties", len(node.members))
    if len(node.members) > most and (
        known is None or node.members[most].key in known
    ):  # an unknown key is said already
        yield Mistake(
            node.members[most].key_place, f"{path} takes {most or 'no'} key{'s' * (most != 1)}", "remove this one"
        )


def _one_of(node: JsonNode, choices: list[Mapping[str, Any]], path: str) -> Iterator[Mistake]:
    """What is wrong by the choice that comes nearest: nothing where it fits."""
    attempts = [list(compare(node, choice, path)) for choice in choices]
    if node.kind == "object" and len(node.members) > 1 and all(choice.get("maxProperties") == 1 for choice in choices):
        yield Mistake(node.members[1].key_place, f"{path} takes one key only", "remove this one")
        return
    fitting = [
        a
        for a, c in zip(attempts, choices, strict=True)
        if node.kind == "object" and any(node.get(key) is not None for key in c.get("keys", ()))
    ]
    typed = [a for a, c in zip(attempts, choices, strict=True) if "type" in c and _is_type(node, c["type"])]
    if fitting or typed:
        yield from min(fitting or typed, key=len)
        return
    # What the choices say is about objects, and this is none.
    names = sorted({key for choice in choices for key in choice.get("keys", ())})
    kinds = [_spoken(choice["type"]) for choice in choices if "type" in choice]
    wanted = " or ".join(kinds) if kinds else f"an object with one of {', '.join(names)}"
    yield Mistake(node.place, f"{path} must be {wanted}")


def _is_type(node: JsonNode, types: str | list[str]) -> bool:
    return any(_is(node, word) for word in ([types] if isinstance(types, str) else types))


def _is(node: JsonNode, word: str) -> bool:
    if word == "integer":
        return node.kind == "number" and isinstance(node.value, int)
    return node.kind == word


def _spoken(types: str | list[str]) -> str:
    return " or ".join(article(word) for word in ([types] if isinstance(types, str) else types))


def article(word: str) -> str:
    """A JSON kind as messages name it: ``an object``."""
    word = {"integer": "whole number"}.get(word, word)
    return word if word == "null" else f"an {word}" if word[0] in "aeiou" else f"a {word}"
