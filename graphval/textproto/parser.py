"""The error-recovering parser: a text in, its syntax tree and all its syntax errors out.

Iterative: nesting lives on an explicit stack. Ordinary text is read by one regular expression a field
(:data:`graphval.textproto.pieces.PIECE`); everything else goes token by token.

Source of the grammar: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl`` (3.19).
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable

from graphval.textproto.lexer import FIELD_OPENERS, MAX_TOKENS, T, Tokens
from graphval.textproto.literals import read_scalar
from graphval.textproto.names import bracket_name, take_name_tail
from graphval.textproto.nesting import MAX_DEPTH, Nesting
from graphval.textproto.pieces import PIECE, Piece, PieceField, tokens_of
from graphval.textproto.problem import MAX_PROBLEMS, Fix, TooMuch
from graphval.textproto.source import Source
from graphval.textproto.tree import Document, Field, Form, ListValue, MessageValue, TokenField

_LAYOUT_TELLS = frozenset({"unclosed-message", "unclosed-list", "stray-closing", "mismatched-closing"})
_CAPS = frozenset({"too-deep", "too-many-tokens"})


def parse(source: Source) -> Document:
    """Parse a text. Never raises: what is wrong is in ``problems``, what could be read is in ``fields``."""
    collecting = gc.isenabled()
    gc.disable()  # a tree in the making is no garbage; to find that out would be a quarter of the time of a large text
    try:
        return _parse(source)
    finally:
        if collecting:
            gc.enable()


def _parse(source: Source) -> Document:
    plain = _Parser(source, trust_layout=False)
    document = plain.run()
    if not document.problems:
        return document
    kinds = {problem.kind for problem in document.problems}
    if not kinds & _LAYOUT_TELLS or kinds & _CAPS or len(document.problems) >= MAX_PROBLEMS:
        return document
    by_layout = _Parser(source, trust_layout=True)
    by_layout.run()
    return by_layout.document if by_layout.mistakes <= plain.mistakes else document


class _Parser:
    def __init__(self, source: Source, *, trust_layout: bool) -> None:
        self.document = Document(source)
        self.text = source.text
        self.tokens = Tokens(source.text, self.document.problems)
        self.nesting = Nesting(source, self.tokens, trust_layout=trust_layout)
        self.stack = self.nesting.stack
        self.nameless = -1
        """Where the last block without a name begins."""
        self.comma = -1
        """Where the comma behind the list item before is, if one is there."""
        self.may_separate = False
        """Whether a field has just been read whose separator, if any, stands behind blanks or comments."""

    def run(self) -> Document:
        try:
            self._body()
        except TooMuch:
            for value in self.stack:
                value.end = len(self.text)
        if self.document.problems:
            self.document.problems.sort(key=lambda problem: problem.start)
        return self.document

    @property
    def mistakes(self) -> int:
        """How many mistakes were found, every missing bracket being one."""
        at_brackets = sum(problem.kind.startswith("unclosed-") for problem in self.document.problems)
        return len(self.document.problems) - at_brackets + self.nesting.missing

    def _body(self) -> None:
        """Fields of the innermost open block, until the text ends."""
        ordinary = "\0" not in self.text  # a NUL ends a comment, which is all too rare to be looked for in each one
        while True:
            in_list = self.stack and isinstance(self.stack[-1], ListValue)
            if ordinary and not in_list and self._ordinary_pieces():
                return
            if not self._slow_piece():
                return

    def _ordinary_pieces(self) -> bool:
        """Read from piece to piece as long as text is ordinary. True where it is so to the end."""
        text, document, tokens, nesting, stack = self.text, self.document, self.tokens, self.nesting, self.stack
        trust_layout = nesting.layout
        counted = len(text) > MAX_TOKENS  # a token has a character at least
        next_piece: Callable[[], re.Match[str] | None] = PIECE.scanner(text, tokens.at).match  # type: ignore[attr-defined]
        # Names of members are looked up once, not for each piece.
        number, closing, end = Piece.NUMBER, Piece.CLOSING, Piece.END
        fields = self._fields
        last: re.Match[str] | None = None
        while (match := next_piece()) is not None:
            kind = match.lastindex or end
            if kind < closing:
                field = PieceField(match, None)
                if trust_layout:
                    nesting.field_begins(field.name_start)
                    fields = self._fields
                fields.append(field)
                if kind > number:
                    field.block = block = MessageValue(match.start(kind))
                    if trust_layout or len(stack) >= MAX_DEPTH:
                        nesting.push(block)
                    else:
                        stack.append(block)
                    fields = block.fields
            elif kind == end:
                if stack:
                    break
            else:
                outer = stack[-2] if len(stack) > 1 else document
                if trust_layout or not stack or isinstance(outer, ListValue) or text[stack[-1].start] == "<":
                    break
                nesting.closed = closed = stack.pop()
                closed.end = match.end()
                fields = outer.fields
            last = match
            if counted:
                tokens.count += tokens_of(match)
                if tokens.count > MAX_TOKENS:
                    tokens.at = match.end()
                    tokens.advance(0)  # which is too much
            if kind == end:
                return True
        if last is not None:
            tokens.at = last.end()
            kind = last.lastindex or end
            self.may_separate = kind <= number and tokens.at == last.end(kind)
        return False

    @property
    def _fields(self) -> list[Field]:
        """Where the next field belongs, which is in no list."""
        innermost = self.stack[-1] if self.stack else self.document
        assert not isinstance(innermost, ListValue)
        return innermost.fields

    # -- fields ------------------------------------------------------------------------------------------------------

    def _slow_piece(self) -> bool:
        """One field, list item, closing delimiter or mistake, token by token. False at the end of the text."""
        tokens = self.tokens
        word = tokens.next()
        separator_fits, self.may_separate = self.may_separate, False
        if self.stack and isinstance(self.stack[-1], ListValue):
            return self._list_item(word, self.stack[-1])
        match tokens.type:
            case T.END:
                self.nesting.end_of_text()
                return False
            case T.SYMBOL if word in ",;" and separator_fits:
                pass
            case T.SYMBOL if word in "<>=|" and tokens.merge_conflict(word, in_block=bool(self.stack)):
                pass
            case T.SYMBOL if word in "}>":
                if self.nesting.close(word):
                    self._behind_value()
            case T.SYMBOL if word == "[":
                field = bracket_name(tokens)
                if field is not None:
                    self._field(field)
            case T.SYMBOL if word in "{<":
                self._nameless_block(word)
            case T.IDENTIFIER:
                self._field(TokenField(Form.NAME, word, tokens.start, tokens.end))
            case _:
                self._no_field_name(word)
        return True

    def _field(self, field: TokenField) -> None:
        """A field whose name has been read."""
        if self.nesting.layout:
            self.nesting.field_begins(field.name_start)
        self._fields.append(field)
        tokens = self.tokens
        if field.form is Form.NAME:
            take_name_tail(tokens, field)
        following, text = self._pass_stray_symbols()
        if following == T.SYMBOL and text == ":":
            tokens.next()
            field.colon = True
        elif following == T.SYMBOL and text == "=":
            tokens.next()
            wanted = "{" if tokens.peek() in FIELD_OPENERS[1:] else ":"
            tokens.problem(
                "equals-sign",
                "= where : should be",
                tokens.start,
                tokens.end,
                help="write :",
                fix=Fix(tokens.start, tokens.end, ":"),
                protobuf=f'Expected "{wanted}", found "=".',
            )
            field.colon = True
        elif following == T.END or (following == T.SYMBOL and text in "};,>]"):
            self._no_value(field, text)
            return
        elif not (following == T.SYMBOL and text in "{<["):
            if following == T.IDENTIFIER and tokens.field_follows():
                self._nothing_behind_name(field)
                return
            field.colon = True
            tokens.problem(
                "missing-colon",
                f'no colon behind "{field.name}"',
                field.name_end,
                field.name_end,
                help="write :",
                fix=Fix(field.name_end, field.name_end, ":"),
                protobuf=f'Expected ":", found "{text}".',
            )
        self._value(field)

    def _nameless_block(self, opener: str) -> None:
        """A block without a field name before it."""
        tokens = self.tokens
        is_json = not self.stack and not self.document.fields and tokens.peek()[0] == T.STRING
        parent = self.stack[-1] if self.stack else None
        # Of openers in a row the first says it all.
        if parent is None or self.nameless != parent.start or self.text[parent.start + 1 : tokens.start].strip():
            tokens.problem(
                "unexpected-token",
                f'"{opener}" where a field name should be',
                tokens.start,
                tokens.end,
                help="this looks like JSON: a text-format file has neither outer braces nor quoted names"
                if is_json
                else "",
                protobuf=f"Expected identifier, got: {opener}",
            )
        self.nameless = tokens.start
        if is_json:
            raise TooMuch
        self.nesting.push(MessageValue(tokens.start))

    def _pass_stray_symbols(self) -> tuple[int, str]:
        """Type and text of what follows a name, symbols that can neither follow a name nor begin a value left out."""
        tokens = self.tokens
        while True:
            following, text = tokens.peek()
            if following != T.SYMBOL or text in ":{<}>[]=;,-":
                return following, text
            tokens.next()
            tokens.problem(
                "unexpected-token",
                f'"{text}" behind a field name',
                tokens.start,
                tokens.end,
                help="remove it",
                protobuf=f'Expected ":", found "{text}".',
            )

    def _nothing_behind_name(self, field: TokenField) -> None:
        """The next field begins where colon and value should be: a brace is missing, or the value."""
        tokens = self.tokens
        name_end = tokens.end
        word = tokens.next()
        tokens.at = tokens.start
        if self.nesting.indented_deeper(tokens.start, field.name_start):
            field.value = block = MessageValue(field.name_start)
            self.nesting.push(block)
            tokens.problem(
                "missing-opening",
                f'no brace behind "{field.name}"',
                name_end,
                name_end,
                help="write {",
                fix=Fix(name_end, name_end, " {", certain=False),
                protobuf=f'Expected "{{", found "{word}".',
            )
        else:
            tokens.problem(
                "missing-value",
                f'"{field.name}" has no value',
                field.name_start,
                name_end,
                help="write a colon and a value",
                protobuf=f'Expected ":", found "{word}".',
            )

    def _no_value(self, field: Field, found: str) -> None:
        """The text or block ends where a value should be."""
        tokens = self.tokens
        where = f"{found} follows" if found else "the text ends"
        tokens.problem(
            "missing-value",
            f'"{field.name}" has no value: {where}',
            field.name_start,
            field.name_end,
            help="write a value" if field.colon else "write a colon and a value",
            protobuf="" if field.colon else f'Expected "{"{" if field.form is Form.ANY else ":"}", found "{found}".',
        )
        if found in (",", ";"):
            tokens.next()

    def _value(self, field: TokenField) -> None:
        """The value of a field, colon and all before it being read."""
        tokens = self.tokens
        before = tokens.at
        word = tokens.next()
        if tokens.type == T.SYMBOL and word == ":":
            tokens.problem(
                "unexpected-token",
                "a second colon",
                tokens.start,
                tokens.end,
                help="remove it",
                fix=Fix(tokens.start, tokens.end, ""),
            )
            before = tokens.at
            word = tokens.next()
        if tokens.type == T.SYMBOL and word in "{<":
            field.value = block = MessageValue(tokens.start)
            self.nesting.push(block)
        elif tokens.type == T.SYMBOL and word == "[":
            field.value = items = ListValue(tokens.start)
            self.nesting.push(items)
        elif tokens.type == T.END or (tokens.type == T.SYMBOL and word in "}>];,"):
            tokens.at = before
            self._no_value(field, word)
        elif tokens.type == T.IDENTIFIER and self._is_next_field(field):
            tokens.at = tokens.start
            tokens.problem(
                "missing-value", f'"{field.name}" has no value', field.name_start, field.name_end, help="write a value"
            )
        else:
            field.value = read_scalar(tokens, word)
            if field.value is None:
                tokens.unexpected(word, "a value", "")
            self._separator()

    def _is_next_field(self, field: TokenField) -> bool:
        """Whether the current identifier is no value but the name of a field on a later line."""
        following, text = self.tokens.peek()
        if following != T.SYMBOL or text not in ":{":
            return False
        return "\n" in self.text[field.name_end : self.tokens.start]

    def _no_field_name(self, word: str) -> None:
        """Something that is no field name: on to what looks like a field, a closing delimiter or the end."""
        tokens = self.tokens
        tokens.unexpected(word, "a field name", f"Expected identifier, got: {word}")
        while True:
            following, text = tokens.peek()
            if following == T.END or (following == T.SYMBOL and text in "}>["):
                return
            if following == T.IDENTIFIER and tokens.field_follows():
                return
            tokens.next()

    # -- separators --------------------------------------------------------------------------------------------------

    def _separator(self) -> None:
        following, text = self.tokens.peek()
        if following == T.SYMBOL and text in ",;":
            self.tokens.next()

    def _behind_value(self) -> None:
        """Behind a closed block or list: what separates it from the next."""
        if self.stack and isinstance(self.stack[-1], ListValue):
            self._list_separator()
            return
        fields = self._fields
        following, text = self.tokens.peek()
        if following != T.SYMBOL or text not in ",;":
            return
        self.tokens.next()
        if fields and fields[-1].form is Form.ANY:
            start, end = self.tokens.start, self.tokens.end
            self.tokens.problem(
                "unexpected-token",
                f'"{text}" behind an expanded Any',
                start,
                end,
                help="remove it: everywhere else it may stand, but not here",
                fix=Fix(start, end, ""),
                protobuf=f"Expected identifier, got: {text}",
            )

    # -- lists -------------------------------------------------------------------------------------------------------

    def _list_item(self, word: str, value: ListValue) -> bool:
        tokens = self.tokens
        if tokens.type == T.END:
            self.nesting.end_of_text()
            return False
        if tokens.type == T.SYMBOL and word == "]":
            if value.items and self.comma >= 0:
                tokens.problem(
                    "bad-list",
                    "a comma without a value behind it",
                    tokens.start,
                    tokens.end,
                    help="remove the comma",
                    fix=Fix(self.comma, self.comma + 1, ""),
                )
            self._end_list()
        elif tokens.type == T.SYMBOL and word in "{<":
            block = MessageValue(tokens.start)
            value.items.append(block)
            self.nesting.push(block)
        elif (tokens.type == T.SYMBOL and word in "}>") or (
            tokens.type == T.IDENTIFIER and tokens.peek() in FIELD_OPENERS
        ):
            self.nesting.unclosed(tokens.start, self.stack.pop())
            tokens.at = tokens.start
        elif (scalar := read_scalar(tokens, word)) is not None:
            value.items.append(scalar)
            self._list_separator()
        elif tokens.type != T.BROKEN_STRING:
            tokens.unexpected(word, "a value", "")
        return True

    def _list_separator(self) -> None:
        """Behind a list item: a comma, or the end of the list."""
        tokens = self.tokens
        following, text = tokens.peek()
        self.comma = -1
        if following == T.SYMBOL and text == ",":
            tokens.next()
            self.comma = tokens.start
        elif following == T.SYMBOL and text == "]":
            tokens.next()
            self._end_list()
        elif following == T.IDENTIFIER and tokens.field_follows():
            pass  # read as the next item it shows that the list was not closed
        elif following == T.SYMBOL and text == ";":
            tokens.next()
            tokens.problem(
                "bad-list",
                "; between two values of a list",
                tokens.start,
                tokens.end,
                help="write ,",
                fix=Fix(tokens.start, tokens.end, ","),
                protobuf='Expected ",", found ";".',
            )
        elif following != T.END and not (following == T.SYMBOL and text in "}>"):
            at = tokens.end
            tokens.problem(
                "bad-list",
                "no comma between two values of a list",
                at,
                at,
                help="write ,",
                fix=Fix(at, at, ","),
                protobuf=f'Expected ",", found "{text}".',
            )

    def _end_list(self) -> None:
        self.stack.pop().end = self.tokens.end
        self._behind_value()


__all__ = ["MAX_DEPTH", "parse"]
