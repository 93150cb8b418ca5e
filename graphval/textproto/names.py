"""Names that are more than an identifier: in brackets, or longer than a field name can be."""

from __future__ import annotations

import re

from graphval.textproto.lexer import T, Tokens
from graphval.textproto.tree import Form, TokenField

_TAIL = re.compile(r"(?:[.\-/][A-Za-z0-9_]++)++(?=[ \t]*[:{<])")
"""What makes ``some-name`` or ``pkg.name`` of a name, where a field was meant."""


def bracket_name(tokens: Tokens) -> TokenField | None:
    """The field named by ``[pkg.ext]`` or ``[domain/pkg.Type]``, the bracket being the current token; ``None`` where
    nothing like it stands there (reported)."""
    start = tokens.start
    parts: list[str] = []
    while True:
        word = tokens.next()
        wants_identifier = len(parts) % 2 == 0
        if wants_identifier:
            if tokens.type != T.IDENTIFIER:
                break
        elif tokens.type != T.SYMBOL or not (word == "." or (word == "/" and "/" not in parts)):
            break
        parts.append(word)
    form = Form.ANY if "/" in parts else Form.EXTENSION
    if not wants_identifier and tokens.type == T.SYMBOL and word == "]":
        return TokenField(form, "".join(parts), start, tokens.end)
    # Without a slash so far, it depends on the message whether protobuf wants one.
    protobuf = f'Expected "]", found "{word}".' if "/" in parts else ""
    protobuf = f"Expected identifier, got: {word}" if wants_identifier else protobuf
    closing = tokens.text.find("]", start, tokens.line_end(start))
    is_closed = closing >= 0
    lacks_closing = not wants_identifier and tokens.type == T.SYMBOL and word in ":{<"
    if lacks_closing and (not is_closed or word != ":"):
        tokens.problem(
            "bad-bracket-name",
            "the bracket before the name is never closed",
            start,
            tokens.start,
            help="write ]",
            protobuf=protobuf,
        )
        tokens.at = tokens.start
        return TokenField(form, "".join(parts), start, tokens.start)
    end = closing + 1 if is_closed else tokens.start
    tokens.problem(
        "bad-bracket-name",
        "this is neither [package.extension] nor [domain/package.Type]",
        start,
        end,
        help="write [type.googleapis.com/package.Message] in an Any, [package.Message.ext] in options",
        protobuf=protobuf,
    )
    tokens.at = end
    if lacks_closing or not is_closed:
        return None
    name = tokens.text[start + 1 : closing].strip()
    return TokenField(Form.ANY if "/" in name else Form.EXTENSION, name, start, end)


def take_name_tail(tokens: Tokens, field: TokenField) -> None:
    """Report and take with it what makes a name longer than names can be: points and hyphens."""
    tail = _TAIL.match(tokens.text, field.name_end)
    if tail is None:
        return
    field.name += tail[0]
    field.name_end = tokens.at = tail.end()
    advice = "names are written with _" if "-" in tail[0] else f"names of extensions stand in brackets: [{field.name}]"
    tokens.problem(
        "unexpected-token",
        f'"{tail[0][0]}" in a field name',
        tail.start(),
        tail.start() + 1,
        help=advice,
        protobuf=f'Expected ":", found "{tail[0][0]}".',
    )
