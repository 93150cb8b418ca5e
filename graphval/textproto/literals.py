"""Scalar values as they are written: numbers with their sign, words, strings that follow each other."""

from __future__ import annotations

from graphval.textproto.lexer import T, Tokens
from graphval.textproto.pieces import number_lexeme
from graphval.textproto.tree import Lexeme, Scalar


def read_scalar(tokens: Tokens, word: str) -> Scalar | None:
    """The scalar that begins with the current token, or ``None`` where none does."""
    negative, start = False, tokens.start
    if tokens.type == T.SYMBOL and word == "-":
        following, _ = tokens.peek()
        if following != T.NUMBER and (following != T.IDENTIFIER or tokens.field_follows()):
            return None
        negative = True
        word = tokens.next()
    elif tokens.type == T.SYMBOL and word == "+" and tokens.peek()[0] == T.NUMBER:
        tokens.unexpected(word, "a number", "")
        word = tokens.next()
    match tokens.type:
        case T.NUMBER:
            word = tokens.check_number(word)
            return Scalar(number_lexeme(word), word, start, tokens.end, negative=negative)
        case T.IDENTIFIER:
            return Scalar(Lexeme.IDENTIFIER, word, start, tokens.end, negative=negative)
        case T.STRING:
            return _strings(tokens, word)
        case _:
            return None


def _strings(tokens: Tokens, word: str) -> Scalar:
    """The current string token and those that follow it directly."""
    start = tokens.start
    parts = [word]
    tokens.check_string(word)
    while tokens.peek()[0] in (T.STRING, T.BROKEN_STRING):
        word = tokens.next()
        if tokens.type == T.BROKEN_STRING:
            break
        tokens.check_string(word)
        parts.append(word)
    text = parts[0] if len(parts) == 1 else "".join(parts)
    return Scalar(Lexeme.STRING, text, start, tokens.end, parts=tuple(parts))
