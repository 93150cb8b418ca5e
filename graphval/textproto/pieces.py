"""Pieces of ordinary text: what nearly everybody writes, read by one match of one regular expression each.

Whatever does not match is read token by token (:mod:`graphval.textproto.lexer`), to the same end.
"""

from __future__ import annotations

import re
from typing import Final

from graphval.textproto.scalars import is_float
from graphval.textproto.tree import Form, Lexeme, MessageValue, Scalar

_BLANKS = r"[ \t\n\r\v\f]*+(?:\#.*+[ \t\n\r\v\f]*+)*+"
"""White space and comments."""
_DOTTED = r"[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z_][A-Za-z0-9_]*+)*+"
_IN_BRACKETS = rf"\[({_DOTTED}(?:/{_DOTTED})?+)\]"
"""A name in brackets as nearly everybody writes it: no blanks, no comments."""

PIECE = re.compile(
    rf"""{_BLANKS}(?:
      (?:([A-Za-z_][A-Za-z0-9_]*+)|{_IN_BRACKETS})[ \t]*+
      (?::[ \t]*+(?:
          (?:("[ !\#-\[\]-~\t]*+"|'[ -&(-\[\]-~\t]*+')(?!{_BLANKS}["'])
            |([A-Za-z_][A-Za-z0-9_]*+)(?=[ \t\n\r}},;])
            |(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?)(?=[ \t\n\r}},;])
          )[,;]?+
        |(\{{))
      |(\{{))
    | (\}})(?={_BLANKS}(?:[A-Za-z_\[}}]|\Z))
    | (\Z)
    )""",
    re.VERBOSE,
)
"""A piece with the blanks before it. Groups are named by :class:`Piece`. Which characters a string may have is said by
what they are, not by what they are not: that takes half the time."""


class Piece:
    """The groups of :data:`PIECE`. A field has a ``NAME`` or ``NAME_IN_BRACKETS`` and one of the following: a string of
    plain ASCII without escapes that no other string follows, an identifier, a plain decimal number (a separator that
    touches it is passed over), or an opening brace behind a colon or without one. The end of a block is one that
    another field, another end or nothing follows."""

    NAME: Final = 1
    NAME_IN_BRACKETS: Final = 2
    STRING: Final = 3
    IDENTIFIER: Final = 4
    NUMBER: Final = 5
    OPENING_BEHIND_COLON: Final = 6
    OPENING: Final = 7
    CLOSING: Final = 8
    END: Final = 9


class PieceField:
    """A field that is one piece, or that begins with one where it has a ``block``. A graph has many, and few of them
    are ever asked where they stand: they keep the match and say what it holds when asked."""

    __slots__ = ("block", "match")

    def __init__(self, match: re.Match[str], block: MessageValue | None) -> None:
        self.match = match
        self.block = block

    @property
    def form(self) -> Form:
        name = self.match[Piece.NAME_IN_BRACKETS]
        return Form.NAME if name is None else form_of_bracket_name(name)

    @property
    def name(self) -> str:
        return self.match[Piece.NAME] or self.match[Piece.NAME_IN_BRACKETS]

    @property
    def name_start(self) -> int:
        start = self.match.start(Piece.NAME)
        return start if start >= 0 else self.match.start(Piece.NAME_IN_BRACKETS) - 1

    @property
    def name_end(self) -> int:
        end = self.match.end(Piece.NAME)
        return end if end >= 0 else self.match.end(Piece.NAME_IN_BRACKETS) + 1

    @property
    def colon(self) -> bool:
        return self.match.lastindex != Piece.OPENING

    @property
    def value(self) -> Scalar | MessageValue:
        if self.block is not None:
            return self.block
        match = self.match
        kind = match.lastindex
        assert kind is not None, "each alternative of the pattern is a group"
        text = match[kind]
        start, end = match.span(kind)
        if kind == Piece.STRING:
            return Scalar(Lexeme.STRING, text, start, end, parts=(text,))
        if kind == Piece.IDENTIFIER:
            return Scalar(Lexeme.IDENTIFIER, text, start, end)
        return Scalar(number_lexeme(text), text.removeprefix("-"), start, end, text[0] == "-")

    @property
    def value_start(self) -> int:
        return self.match.start(self.match.lastindex or 0)

    @property
    def end(self) -> int:
        return self.block.end if self.block is not None else self.match.end(self.match.lastindex or 0)


def form_of_bracket_name(name: str) -> Form:
    """A slash makes a name in brackets the type URL of an ``Any``."""
    return Form.ANY if "/" in name else Form.EXTENSION


def tokens_of(piece: re.Match[str]) -> int:
    """How many tokens a piece has with the comments before it; a separator behind it is left out."""
    kind = piece.lastindex or Piece.END
    count = 1 if kind >= Piece.CLOSING else 2 if kind == Piece.OPENING else 3
    begin = piece.start(Piece.NAME)
    if begin < 0:
        name = piece[Piece.NAME_IN_BRACKETS] or ""
        count += 2 + 2 * (name.count(".") + name.count("/")) if name else 0
        begin = piece.start(Piece.NAME_IN_BRACKETS if name else kind)
    if "#" in piece.string[piece.start() : begin]:
        count += len(re.findall(r"#.*", piece.string[piece.start() : begin]))
    return count


def number_lexeme(word: str) -> Lexeme:
    """Whether a number token, sign or not, is written as an integer or as a float."""
    return Lexeme.FLOAT if is_float(word) else Lexeme.INTEGER


__all__ = ["PIECE", "Piece", "PieceField", "number_lexeme", "tokens_of"]
