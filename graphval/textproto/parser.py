"""The error-recovering parser: a text in, its syntax tree and all its syntax errors out.

Iterative: nesting lives on an explicit stack. Ordinary fields are read by one regular expression each
(:data:`graphval.textproto.lexer.FIELD`); everything else goes token by token.

Source of the grammar: protobuf ``text_format.cc`` ``TextFormat::Parser::ParserImpl`` (3.19).
"""

from __future__ import annotations

from graphval.textproto.lexer import FIELD, TOKEN, TOKEN_ONE_LINE, T
from graphval.textproto.problem import Fix, Problem
from graphval.textproto.scalars import escape_problem, is_float, number_problem
from graphval.textproto.source import Source
from graphval.textproto.tree import Comment, Document, Field, Form, Lexeme, ListValue, MessageValue, Scalar

MAX_DEPTH = 100
MAX_TOKENS = 1_000_000
MAX_PROBLEMS = 100
"""After so many, a text is rubbish and listing more helps nobody."""

_CLOSER = {"{": "}", "<": ">"}
_OPENER = {"}": "{", ">": "<"}
_CURLY_QUOTES = "\u201c\u201d\u201e\u2018\u2019"
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class _TooMuch(Exception):
    """A cap was hit: what has been read so far is the answer."""


def parse(source: Source) -> Document:
    """Parse a text. Never raises: what is wrong is in ``problems``, what could be read is in ``fields``."""
    document = _Parser(source, lines_end_strings=False, trust_indentation=False).run()
    if not document.problems:
        return document
    # The grammar lets strings run over lines and ignores layout, so that one missing quote or brace shows only much
    # later. A broken text is read again as its author laid it out; the reading with fewer problems tells more.
    again = _Parser(source, lines_end_strings=True, trust_indentation=True).run()
    return again if again.problems and len(again.problems) <= len(document.problems) + 1 else document


class _Frame:
    """An open message or list."""

    __slots__ = ("closer", "fields", "indentation", "opener", "value")

    def __init__(self, value: MessageValue | ListValue, closer: str, indentation: int) -> None:
        self.value = value
        self.closer = closer
        self.opener = value.start
        self.indentation = indentation
        self.fields: list[Field] = value.fields if isinstance(value, MessageValue) else []


class _Parser:
    def __init__(self, source: Source, *, lines_end_strings: bool, trust_indentation: bool) -> None:
        self.document = Document(source)
        self.text = source.text
        self.token = (TOKEN_ONE_LINE if lines_end_strings else TOKEN).match
        self.trust_indentation = trust_indentation
        self.at = 0
        self.tokens = 0
        self.stack: list[_Frame] = []
        # the current token
        self.type = T.END
        self.start = 0
        self.end = 0

    def run(self) -> Document:
        try:
            self._body()
        except _TooMuch:
            pass  # the problem that names the cap is in the document
        return self.document

    # -- tokens ------------------------------------------------------------------------------------------------------

    def _next(self) -> str:
        """Read the next token; comments and characters that are no tokens are dealt with here."""
        while True:
            match = self.token(self.text, self.at)
            assert match is not None, "the pattern ends in \\Z or some character class"
            kind = match.lastindex or T.END
            self.type = T(kind)
            self.start, self.end = match.span(kind)
            self.at = self.end
            self.tokens += 1
            if self.tokens > MAX_TOKENS:
                self._problem("too-many-tokens", f"the text has more than {MAX_TOKENS} tokens", self.start, self.end,
                              help="a graph has some thousands: is this the right file?")
                raise _TooMuch
            if kind == T.COMMENT:
                self.document.comments.append(Comment(match[kind][1:], self.start, self.end))
            elif kind == T.FOREIGN:
                if match[kind][0] in _CURLY_QUOTES and (quoted := self._curly_quoted()):
                    return quoted
                self._foreign(match[kind])
            elif kind == T.CONTROL:
                self._problem("control-character", f"control character U+{ord(match[kind][0]):04X} in the text",
                              self.start, self.end, help="remove it",
                              protobuf="Invalid control characters encountered in text.")
            elif kind == T.BROKEN_STRING:
                self._broken_string(match[kind])
                return match[kind]
            else:
                return match[kind] if kind != T.END else ""

    def _peek(self) -> tuple[T, str]:
        """Type and text of the token after the current one, comments skipped."""
        at = self.at
        while True:
            match = self.token(self.text, at)
            assert match is not None
            kind = match.lastindex or T.END
            if kind not in (T.COMMENT, T.FOREIGN, T.CONTROL):
                return T(kind), match[kind] or ""
            at = match.end()

    def _foreign(self, text: str) -> None:
        first = text[0]
        byte = first.encode("utf-8", errors="surrogateescape")[0]
        protobuf = f"Interpreting non ascii codepoint {byte}."
        if first == "\ufeff" and self.start == 0:
            self._problem("byte-order-mark", "the file begins with a byte order mark", 0, 1,
                          help="save it as UTF-8 without BOM", fix=Fix(0, 1, ""), protobuf=protobuf)
            return
        if "\udc80" <= first <= "\udcff":
            self._problem("not-utf8", f"byte 0x{byte:02X} is no UTF-8 text", self.start, self.end, protobuf=protobuf,
                          help="save the file as UTF-8")
            return
        plain = {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'", "\u00a0": " ",
                 "\u2013": "-", "\u2212": "-", "\uff1a": ":"}.get(first)
        name = {"\u00a0": "a no-break space"}.get(first, f'"{first}"')
        self._problem("non-ascii-character", f"{name} (U+{ord(first):04X}) outside a string", self.start, self.end,
                      help=f"write {plain!r}" if plain and plain != " " else "remove it",
                      fix=Fix(self.start, self.start + 1, plain) if plain else None, protobuf=protobuf)

    def _curly_quoted(self) -> str:
        """A string in typographic quotes, read as the string that was meant; empty if the line has no second one."""
        line_end = self.text.find("\n", self.start)
        line = self.text[self.start : line_end if line_end >= 0 else len(self.text)]
        closing = next((at for at in range(1, len(line)) if line[at] in _CURLY_QUOTES), 0)
        if not closing:
            return ""
        inner = line[1:closing]
        self.type, self.end = T.STRING, self.start + closing + 1
        self.at = self.end
        byte = line[0].encode("utf-8")[0]
        self._problem("non-ascii-character", f"{line[0]} and {line[closing]} are no quotes", self.start, self.end,
                      help=f'write "{inner}"', fix=Fix(self.start, self.end, f'"{inner}"'),
                      protobuf=f"Interpreting non ascii codepoint {byte}.")
        return f'"{inner}"'

    def _broken_string(self, text: str) -> None:
        self._problem("unterminated-string", f"the string has no closing {text[0]}", self.start, self.end,
                      help=f"add {text[0]} before the line ends", protobuf="Unexpected end of string.")

    # -- problems ----------------------------------------------------------------------------------------------------

    def _problem(self, kind: str, message: str, start: int, end: int, *, help: str = "", fix: Fix | None = None,
                 protobuf: str = "") -> None:
        self.document.problems.append(Problem(kind, message, start, end, help, fix, protobuf))
        if len(self.document.problems) >= MAX_PROBLEMS:
            raise _TooMuch

    def _unexpected(self, text: str, wanted: str) -> None:
        if self.type is T.BROKEN_STRING:
            return  # reported already
        found = f'"{text}"' if self.type is not T.END else "the end of the text"
        if self.type is T.STRING:
            found = "a string"
        self._problem("unexpected-token", f"{found} where {wanted} should be", self.start, max(self.end, self.start),
                      protobuf=f'Expected {wanted}, found "{text}".')

    # -- grammar -----------------------------------------------------------------------------------------------------

    def _body(self) -> None:
        """Fields of the message on top of the stack, until the text ends."""
        text, field_match = self.text, FIELD.match
        stack = self.stack
        fields = self.document.fields
        name_form, identifier, integer, floating, string = Form.NAME, Lexeme.IDENTIFIER, Lexeme.INTEGER, Lexeme.FLOAT, Lexeme.STRING
        while True:
            match = field_match(text, self.at)
            if match is not None:
                kind = match.lastindex
                start, end = match.span(1)
                field = Field(name_form, match[1], start, end)
                self.tokens += 3
                if kind == 2:
                    start, end = match.span(2)
                    value = match[2]
                    field.colon = True
                    field.value = Scalar(string, value, start, end, parts=(value,))
                elif kind == 6 or kind == 5:
                    field.colon = kind == 5
                    fields.append(field)
                    self.at = match.end()
                    self._open(field, match.start(kind), "{")
                    fields = stack[-1].fields
                    continue
                elif kind == 3:
                    start, end = match.span(3)
                    field.colon = True
                    field.value = Scalar(identifier, match[3], start, end)
                else:
                    start, end = match.span(4)
                    value = match[4]
                    field.colon = True
                    negative = value[0] == "-"
                    digits = value[1:] if negative else value
                    field.value = Scalar(floating if "." in digits else integer, digits, start, end, negative=negative)
                    if digits[0] == "0" and len(digits) > 1:
                        self._check_number(digits, end - len(digits), end)
                fields.append(field)
                self.at = end
                separator = text[end : end + 1]
                if separator == ";" or separator == ",":
                    self.at = end + 1
                if self.tokens > MAX_TOKENS:
                    self._next()
                continue
            if not self._slow_field(fields):
                return
            fields = stack[-1].fields if stack else self.document.fields

    def _slow_field(self, fields: list[Field]) -> bool:
        """One field, closing delimiter or mistake, token by token. False at the end of the text."""
        token = self._next()
        if self.stack and isinstance(self.stack[-1].value, ListValue):
            return self._list_item(token)
        match self.type:
            case T.END:
                self._end_of_text()
                return False
            case T.SYMBOL if self.text.startswith(_CONFLICT, self.start) and self.text[self.start - 1 : self.start] in ("", "\n"):
                line_end = self.text.find("\n", self.start)
                self.at = line_end if line_end >= 0 else len(self.text)
                self._problem("merge-conflict", "an unresolved merge conflict", self.start, self.at,
                              help="decide for one side and remove the marker",
                              protobuf=f"Expected identifier, got: {token}")
            case T.SYMBOL if token in "}>":
                self._close(token)
            case T.SYMBOL if token == "[":
                field = self._bracket_name()
                if field is not None:
                    fields.append(field)
                    self._after_name(field)
            case T.IDENTIFIER:
                field = Field(Form.NAME, token, self.start, self.end)
                fields.append(field)
                self._after_name(field)
            case _:
                self._unexpected(token, "a field name")
                self._skip_to_field()
        return True

    def _after_name(self, field: Field) -> None:
        """Colon and value of a field whose name has been read."""
        following, text = self._peek()
        while following is T.SYMBOL and text not in ":{<}>[]=;,-":
            self._next()
            self._problem("unexpected-token", f'"{text}" behind a field name', self.start, self.end, help="remove it",
                          protobuf=f'Expected ":", found "{text}".')
            following, text = self._peek()
        if following is T.SYMBOL and text == ":":
            self._next()
            field.colon = True
            following, text = self._peek()
        elif following is T.SYMBOL and text == "=":
            self._next()
            self._problem("equals-sign", "= where : should be", self.start, self.end, help="write :",
                          fix=Fix(self.start, self.end, ":"), protobuf='Expected ":", found "=".')
            field.colon = True
            following, text = self._peek()
        elif not (following is T.SYMBOL and text in "{<"):
            self._missing_colon(field, following, text)
            if following is T.IDENTIFIER and self._starts_field():
                return
        self._value(field)

    def _missing_colon(self, field: Field, following: T, text: str) -> None:
        if following is T.END:
            self._problem("missing-value", f'"{field.name}" has no value', field.name_start, field.name_end,
                          help='write a colon and a value')
            return
        self._problem("missing-colon", f'no colon behind "{field.name}"', field.name_end, field.name_end,
                      help="write :", fix=Fix(field.name_end, field.name_end, ":"),
                      protobuf=f'Expected ":", found "{text}".')

    def _starts_field(self) -> bool:
        """Whether the next identifier begins a field of its own (a colon or brace follows it)."""
        match = self.token(self.text, self.at)
        if match is None or match.lastindex != T.IDENTIFIER:
            return False
        behind = self.token(self.text, match.end())
        return behind is not None and behind.lastindex == T.SYMBOL and behind[T.SYMBOL] in ":{<"

    def _value(self, field: Field) -> None:
        before = self.at
        token = self._next()
        if self.type is T.SYMBOL and token in "{<":
            self._open(field, self.start, token)
            return
        if self.type is T.SYMBOL and token == "[":
            value = ListValue(self.start)
            field.value = value
            self._push(value, "]")
            return
        scalar = self._scalar(token)
        if scalar is None:
            self.at = before
            self._no_value(field, token)
            return
        field.value = scalar
        self._separator()

    def _no_value(self, field: Field, token: str) -> None:
        """There is something behind the colon that is no value: leave it to whoever reads on."""
        if self.type is T.BROKEN_STRING:
            self._resume_behind_line()
            return
        found = "the end of the text" if self.type is T.END else f'"{token}"'
        self._problem("missing-value", f'"{field.name}" has no value: {found} stands there',
                      self.start if self.type is not T.END else field.name_start,
                      self.end if self.type is not T.END else field.name_end)
        if self.type is T.SYMBOL and token not in "}>":
            self.at = self.end
            if self._peek()[0] in (T.NUMBER, T.STRING, T.IDENTIFIER) and not self._starts_field():
                self._next()

    def _resume_behind_line(self) -> None:
        end = self.text.find("\n", self.start)
        self.at = end if end >= 0 else len(self.text)

    def _scalar(self, token: str) -> Scalar | None:
        """The scalar that begins with the current token, or ``None`` where none does."""
        negative, start = False, self.start
        if self.type is T.SYMBOL and token == "-":
            negative = True
            token = self._next()
            if self.type not in (T.NUMBER, T.IDENTIFIER):
                return None
        match self.type:
            case T.NUMBER:
                self._check_number(token, self.start, self.end)
                kind = Lexeme.FLOAT if is_float(token) else Lexeme.INTEGER
                return Scalar(kind, token, start, self.end, negative=negative)
            case T.IDENTIFIER:
                return Scalar(Lexeme.IDENTIFIER, token, start, self.end, negative=negative)
            case T.STRING:
                parts = [token]
                self._check_string(token)
                end = self.end
                while self._peek()[0] in (T.STRING, T.BROKEN_STRING):
                    token = self._next()
                    if self.type is T.BROKEN_STRING:
                        self._resume_behind_line()
                        break
                    self._check_string(token)
                    parts.append(token)
                    end = self.end
                return Scalar(Lexeme.STRING, parts[0] if len(parts) == 1 else "".join(parts), start, end,
                              parts=tuple(parts))
            case _:
                return None

    def _check_number(self, token: str, start: int, end: int) -> None:
        what = number_problem(token)
        if what:
            self._problem("bad-number", what, start, end)
        elif self.text[end : end + 1] == ".":
            self._problem("bad-number", "a number with two decimal points", start, end)

    def _check_string(self, token: str) -> None:
        found = escape_problem(token) if "\\" in token else None
        if found is not None:
            start, end, what = found
            self._problem("bad-escape", what, self.start + start, self.start + end,
                          help="write \\\\ for a backslash, or / in paths",
                          protobuf="Invalid escape sequence in string literal.")

    def _separator(self) -> None:
        if self.text[self.at : self.at + 1] in (",", ";"):
            self.at += 1
            return
        following, text = self._peek()
        if following is T.SYMBOL and text in ",;":
            self._next()

    # -- nesting -----------------------------------------------------------------------------------------------------

    def _open(self, field: Field, start: int, opener: str) -> None:
        value = MessageValue(start)
        field.value = value
        self._push(value, _CLOSER[opener])

    def _push(self, value: MessageValue | ListValue, closer: str) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._problem("too-deep", f"messages are nested more than {MAX_DEPTH} deep", value.start, value.start + 1,
                          help="is a closing brace missing further up?")
            raise _TooMuch
        self.stack.append(_Frame(value, closer, self._indentation(value.start) if self.trust_indentation else 0))

    def _indentation(self, offset: int) -> int:
        """Columns of white space at the beginning of the line of an offset."""
        line = self.text.rfind("\n", 0, offset) + 1
        at = line
        while self.text[at : at + 1] in (" ", "\t"):
            at += 1
        return at - line

    def _close(self, token: str) -> None:
        if not self.stack:
            self._problem("stray-closing", f"{token} closes nothing", self.start, self.end, help="remove it",
                          protobuf=f'Expected identifier, got: {token}')
            return
        if self.trust_indentation:
            self._close_forgotten()
        frame = self.stack.pop()
        if frame.closer != token:
            self._problem("mismatched-closing", f"{token} closes a {_OPENER.get(frame.closer, '[')}", self.start,
                          self.end, help=f"write {frame.closer}", fix=Fix(self.start, self.end, frame.closer),
                          protobuf=f'Expected "{frame.closer}", found "{token}".')
        frame.value.end = self.end
        self._end_value()

    def _close_forgotten(self) -> None:
        """A closing brace alone on its line closes what was opened at its indentation: whatever was opened further in
        has lost its own."""
        if self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start].strip():
            return
        column = self._indentation(self.start)
        if self.stack[-1].indentation <= column or all(frame.indentation != column for frame in self.stack):
            return
        while self.stack[-1].indentation > column:
            frame = self.stack.pop()
            self._unclosed(frame)
            frame.value.end = self.start

    def _end_value(self) -> None:
        """Behind a closed message: a separator in a message, nothing in a list."""
        if not (self.stack and isinstance(self.stack[-1].value, ListValue)):
            self._separator()
        else:
            self._list_separator()

    def _unclosed(self, frame: _Frame) -> None:
        opener = self.text[frame.opener]
        self._problem("unclosed-message" if opener != "[" else "unclosed-list", f"this {opener} is never closed",
                      frame.opener, frame.opener + 1, help=f"add {frame.closer}",
                      protobuf="Expected identifier, got: ")

    def _end_of_text(self) -> None:
        if self.stack:
            # The innermost one is the likeliest to have lost its closer; its owners are open only because of it.
            self._unclosed(self.stack[-1])
        for frame in self.stack:
            frame.value.end = len(self.text)
        self.stack.clear()

    # -- lists -------------------------------------------------------------------------------------------------------

    def _list_item(self, token: str) -> bool:
        frame = self.stack[-1]
        assert isinstance(frame.value, ListValue)
        items = frame.value.items
        if self.type is T.END:
            self._end_of_text()
            return False
        if self.type is T.SYMBOL and token == "]":
            if items:
                self._problem("bad-list", "a comma without a value behind it", self.start, self.end, help="remove it")
            self._end_list()
            return True
        if self.type is T.SYMBOL and token in "{<":
            message = MessageValue(self.start)
            items.append(message)
            self._push(message, _CLOSER[token])
            return True
        scalar = self._scalar(token)
        if scalar is None:
            if self.type is T.SYMBOL and token in "}>":
                self._unclosed(self.stack.pop())
                self._close(token)
                return True
            if self.type is T.BROKEN_STRING:
                self._resume_behind_line()
            else:
                self._unexpected(token, "a value")
            return True
        items.append(scalar)
        self._list_separator()
        return True

    def _list_separator(self) -> None:
        """Behind a list item: a comma, or the end of the list."""
        following, text = self._peek()
        if following is T.SYMBOL and text == ",":
            self._next()
        elif following is T.SYMBOL and text == "]":
            self._next()
            self._end_list()
        elif following is T.IDENTIFIER and self._starts_field():
            frame = self.stack.pop()
            self._unclosed(frame)
            frame.value.end = self.at
        elif following is not T.END and not (following is T.SYMBOL and text in "}>"):
            self._next()
            self._problem("bad-list", "no comma between two values of a list", self.start, self.start, help="write ,",
                          fix=Fix(self.start, self.start, ","), protobuf=f'Expected ",", found "{text}".')
            self.at = self.start

    def _end_list(self) -> None:
        frame = self.stack.pop()
        frame.value.end = self.end
        self._separator()

    # -- bracketed names ---------------------------------------------------------------------------------------------

    def _bracket_name(self) -> Field | None:
        """``[pkg.ext]`` or ``[domain/pkg.Type]``, the bracket being the current token."""
        start = self.start
        parts: list[str] = []
        slashes = 0
        expects_word = True
        while True:
            token = self._next()
            if expects_word and self.type is T.IDENTIFIER:
                parts.append(token)
                expects_word = False
            elif not expects_word and self.type is T.SYMBOL and token in "./":
                if token == "/":
                    slashes += 1
                parts.append(token)
                expects_word = True
            elif not expects_word and slashes <= 1 and self.type is T.SYMBOL and token == "]":
                form = Form.ANY if slashes else Form.EXTENSION
                return Field(form, "".join(parts), start, self.end)
            else:
                break
        self._problem("bad-bracket-name", "this is neither [package.extension] nor [domain/package.Type]", start,
                      max(self.end, start + 1),
                      help="write [type.googleapis.com/package.Message] in an Any, [package.Message.ext] in options")
        closing = self.text.find("]", start)
        line_end = self.text.find("\n", start)
        if 0 <= closing and (line_end < 0 or closing < line_end):
            self.at = closing + 1
            field = Field(Form.ANY if "/" in self.text[start:closing] else Form.EXTENSION,
                          self.text[start + 1 : closing].strip(), start, closing + 1)
            return field
        return None

    def _skip_to_field(self) -> None:
        """Behind something that cannot be read: on to what looks like a field, a closing brace or the end."""
        while True:
            following, text = self._peek()
            if following is T.END or (following is T.SYMBOL and text in "}>["):
                return
            if following is T.IDENTIFIER and self._starts_field():
                return
            self._next()
