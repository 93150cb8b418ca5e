"""The syntax tree of a text-format document: what was written, by offsets, nothing bound yet.

Mutable slotted classes, since the parser makes one for every field and frozen dataclasses would cost half its speed;
nobody changes a tree once it is parsed. Fields of ordinary text have a class of their own
(:class:`graphval.textproto.pieces.PieceField`).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol, TypeAlias

from graphval.textproto.comments import Comment, comments_in
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


class Field(Protocol):
    """``name: value``. ``name`` has no brackets and no blanks; ``name_start``/``name_end`` include the brackets.

    ``colon`` tells whether a colon stands between name and value. ``value`` is ``None`` where it could not be read;
    what there is ends at ``end``.
    """

    @property
    def form(self) -> Form: ...
    @property
    def name(self) -> str: ...
    @property
    def name_start(self) -> int: ...
    @property
    def name_end(self) -> int: ...
    @property
    def colon(self) -> bool: ...
    @property
    def value(self) -> Value | None: ...
    @property
    def value_start(self) -> int: ...
    @property
    def end(self) -> int: ...


class TokenField:
    """A field that was read token by token."""

    __slots__ = ("colon", "form", "name", "name_end", "name_start", "value")

    def __init__(self, form: Form, name: str, name_start: int, name_end: int) -> None:
        self.form = form
        self.name = name
        self.name_start = name_start
        self.name_end = name_end
        self.colon = False
        self.value: Value | None = None

    @property
    def value_start(self) -> int:
        return self.value.start if self.value is not None else self.name_end

    @property
    def end(self) -> int:
        return self.value.end if self.value is not None else self.name_end


class Document:
    """A parsed text: top-level fields and everything that was wrong with its syntax."""

    __slots__ = ("_comments", "fields", "problems", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.fields: list[Field] = []
        self.problems: list[Problem] = []
        self._comments: tuple[Comment, ...] | None = None

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments of a text whose syntax is sound."""
        if self._comments is None:
            self._comments = tuple(comments_in(self.source.text))
        return self._comments
