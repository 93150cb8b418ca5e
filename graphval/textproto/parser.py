"""The error-recovering parser: a text in, its syntax tree and all its syntax errors out.

Iterative: nesting lives on an explicit stack. Ordinary text is read by one regular expression a field
(:data:`graphval.textproto.lexer.PIECE`); everything else goes token by token.

Source of the grammar: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl`` (3.19).
"""

from __future__ import annotations

import gc
import re

from graphval.textproto.lexer import FIELD_OPENERS, MAX_TOKENS, PIECE, Piece, T, Tokens
from graphval.textproto.literals import number_lexeme, read_scalar
from graphval.textproto.names import bracket_name, form_of_bracket_name, take_name_tail, tokens_of_bracket_name
from graphval.textproto.nesting import MAX_DEPTH, Nesting
from graphval.textproto.problem import MAX_PROBLEMS, Fix, TooMuch
from graphval.textproto.source import Source
from graphval.textproto.tree import Comment, Document, Field, Form, Lexeme, ListValue, MessageValue, Scalar

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
        self.tokens = Tokens(source.text, self.document.comments, self.document.problems)
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
            for frame in self.stack:
                frame.value.end = len(self.text)
        self.document.problems.sort(key=lambda problem: problem.start)
        return self.document

    @property
    def mistakes(self) -> int:
        """How many mistakes were found, every missing bracket being one."""
        at_brackets = sum(problem.kind.startswith("unclosed-") for problem in self.document.problems)
        return len(self.document.problems) - at_brackets + self.nesting.missing

    def _body(self) -> None:
        """Fields of the innermost open block, until the text ends."""
        text, tokens, stack, match_piece = self.text, self.tokens, self.stack, PIECE.match
        trust_layout, push = self.nesting.layout, self.nesting.push
        counted = len(text) > MAX_TOKENS  # a token has a character at least
        fields = self.document.fields
        # Names of members and classes are looked up once, not for each piece.
        by_name, identifier, string = Form.NAME, Lexeme.IDENTIFIER, Lexeme.STRING
        a_name, a_string, an_identifier = Piece.NAME, Piece.STRING, Piece.IDENTIFIER
        opening, behind_colon = (Piece.OPENING_BEHIND_COLON, Piece.OPENING), Piece.OPENING_BEHIND_COLON
        a_comment, closing = Piece.COMMENT, Piece.CLOSING
        while True:
            match = match_piece(text, tokens.at)
            if match is None or (stack and stack[-1].closer == "]"):
                if not self._slow_piece():
                    return
                fields = stack[-1].fields if stack else self.document.fields
                continue
            kind = match.lastindex
            assert kind is not None, "each alternative of the pattern is a group"
            start, end = match.span(kind)
            tokens.at = match.end()
            if kind == a_comment:
                self._comment(start, end)
                continue
            if kind == closing:
                self._closing(start, end)
                fields = stack[-1].fields if stack else self.document.fields
                continue
            name_start, name_end = match.span(a_name)
            if name_end > 0:
                field = Field(by_name, text[name_start:name_end], name_start, name_end)
            else:
                field = self._in_brackets(match)
                name_start = field.name_start
            if trust_layout and stack and self.nesting.field_begins(name_start):
                fields = stack[-1].fields if stack else self.document.fields
            fields.append(field)
            if kind in opening:
                field.colon = kind == behind_colon
                self.may_separate = False
                if counted:
                    tokens.advance(3 if field.colon else 2)
                field.value = block = MessageValue(start)
                push(block, "{")
                fields = block.fields
                continue
            value = text[start:end]
            field.colon = True
            if kind == a_string:
                field.value = Scalar(string, value, start, end, False, (value,))
            elif kind == an_identifier:
                field.value = Scalar(identifier, value, start, end)
            elif value[0] == "-":
                field.value = Scalar(number_lexeme(value), value[1:], start, end, True)
            else:
                field.value = Scalar(number_lexeme(value), value, start, end)
            self.may_separate = tokens.at == end
            if counted:
                tokens.advance(3)

    def _in_brackets(self, match: re.Match[str]) -> Field:
        """The field of a piece whose name stands in brackets."""
        name = match[Piece.NAME_IN_BRACKETS]
        start, end = match.span(Piece.NAME_IN_BRACKETS)
        self.tokens.advance(tokens_of_bracket_name(name) - 1)  # one is counted with the rest of the field
        return Field(form_of_bracket_name(name), name, start - 1, end + 1)

    def _comment(self, start: int, end: int) -> None:
        tokens = self.tokens
        tokens.start, tokens.end = start, end
        tokens.advance(1)
        self.document.comments.append(Comment(self.text[start + 1 : end], start, end))

    def _closing(self, start: int, end: int) -> None:
        """A closing brace that no separator can follow."""
        tokens = self.tokens
        tokens.start, tokens.end = start, end
        tokens.advance(1)
        self.may_separate = False
        if self.nesting.close("}") and self.stack and self.stack[-1].closer == "]":
            self._list_separator()

    # -- fields ------------------------------------------------------------------------------------------------------

    def _slow_piece(self) -> bool:
        """One field, list item, closing delimiter or mistake, token by token. False at the end of the text."""
        tokens = self.tokens
        word = tokens.next()
        separator_fits, self.may_separate = self.may_separate, False
        if self.stack and isinstance(self.stack[-1].value, ListValue):
            return self._list_item(word, self.stack[-1].value)
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
                self._field(Field(Form.NAME, word, tokens.start, tokens.end))
            case _:
                self._no_field_name(word)
        return True

    def _field(self, field: Field) -> None:
        """A field whose name has been read."""
        if self.nesting.layout and self.stack:
            self.nesting.field_begins(field.name_start)
        (self.stack[-1].fields if self.stack else self.document.fields).append(field)
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
        parent = self.stack[-1].value if self.stack else None
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
        self.nesting.push(MessageValue(tokens.start), opener)

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

    def _nothing_behind_name(self, field: Field) -> None:
        """The next field begins where colon and value should be: a brace is missing, or the value."""
        tokens = self.tokens
        name_end = tokens.end
        word = tokens.next()
        tokens.at = tokens.start
        if self.nesting.indented_deeper(tokens.start, field.name_start):
            field.value = block = MessageValue(field.name_start)
            self.nesting.push(block, "{")
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

    def _value(self, field: Field) -> None:
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
            self.nesting.push(block, word)
        elif tokens.type == T.SYMBOL and word == "[":
            field.value = items = ListValue(tokens.start)
            self.nesting.push(items, word)
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

    def _is_next_field(self, field: Field) -> bool:
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
        if self.stack and isinstance(self.stack[-1].value, ListValue):
            self._list_separator()
            return
        fields = self.stack[-1].fields if self.stack else self.document.fields
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
            self.nesting.push(block, word)
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
        self.stack.pop().value.end = self.tokens.end
        self._behind_value()


__all__ = ["MAX_DEPTH", "parse"]
