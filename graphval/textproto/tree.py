"""The syntax tree of a text-format document: what was written, by offsets, nothing bound yet.

Mutable slotted classes, since the parser makes one for every field and frozen dataclasses would cost half its speed;
nobody changes a tree once it is parsed.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeAlias

from graphval.textproto.problem import Problem
from graphval.textproto.source import Source


class Form(IntEnum):
    """How a field is named: ``name``, ``[pkg.extension]`` or ``[domain/pkg.Type]`` (expanded ``Any``)."""

    NAME = 0
    EXTENSION = 1
    ANY = 2


class Lexeme(IntEnum):
    """What kind of token a scalar is written with."""

    IDENTIFIER = 0
    INTEGER = 1
    FLOAT = 2
    STRING = 3


class Scalar:
    """A scalar value as written. ``text`` is the token without its sign; for strings all adjacent tokens together
    are ``parts`` (raw, quotes included). ``negative`` says that a minus sign stands before it."""

    __slots__ = ("end", "lexeme", "negative", "parts", "start", "text")

    def __init__(
        self, lexeme: Lexeme, text: str, start: int, end: int, negative: bool = False, parts: tuple[str, ...] = ()
    ) -> None:
        self.lexeme = lexeme
        self.text = text
        self.start = start
        self.end = end
        self.negative = negative
        self.parts = parts


class MessageValue:
    """``{ … }`` or ``< … >``; ``start`` is the opening delimiter, ``end`` is behind the closing one."""

    __slots__ = ("end", "fields", "start")

    def __init__(self, start: int) -> None:
        self.fields: list[Field] = []
        self.start = start
        self.end = start


class ListValue:
    """``[ … ]`` as a value: scalars or messages."""

    __slots__ = ("end", "items", "start")

    def __init__(self, start: int) -> None:
        self.items: list[Scalar | MessageValue] = []
        self.start = start
        self.end = start


Value: TypeAlias = Scalar | MessageValue | ListValue


class Field:
    """``name: value``. ``name`` has no brackets and no blanks; ``name_start``/``name_end`` include the brackets.

    ``colon`` tells whether a colon stands between name and value. ``value`` is ``None`` where it could not be read.
    """

    __slots__ = ("colon", "form", "name", "name_end", "name_start", "value")

    def __init__(self, form: Form, name: str, name_start: int, name_end: int) -> None:
        self.form = form
        self.name = name
        self.name_start = name_start
        self.name_end = name_end
        self.colon = False
        self.value: Value | None = None

    @property
    def end(self) -> int:
        return self.value.end if self.value is not None else self.name_end


class Comment:
    """``# …`` up to the line end; ``text`` without the ``#``."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end


class Document:
    """A parsed text: top-level fields, comments and everything that was wrong with its syntax."""

    __slots__ = ("comments", "fields", "problems", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.fields: list[Field] = []
        self.comments: list[Comment] = []
        self.problems: list[Problem] = []

    def names(self) -> set[str]:
        """The names of all fields, those in blocks included."""
        found: set[str] = set()
        waiting = [self.fields]
        while waiting:
            for field in waiting.pop():
                found.add(field.name)
                value = field.value
                if isinstance(value, MessageValue):
                    waiting.append(value.fields)
                elif isinstance(value, ListValue):
                    waiting += [item.fields for item in value.items if isinstance(item, MessageValue)]
        return found
