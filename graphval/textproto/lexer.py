"""The tokens of the text format, as C++ protobuf's tokenizer makes them, and a cursor over them.

Source: protobuf ``io/tokenizer.cc`` (3.19) as ``TextFormat::Parser`` configures it by default: ``#`` comments, ``f``
allowed behind a float, strings end on their line, a name may not touch a number before it.
"""

from __future__ import annotations

import re
from typing import Final

from graphval.textproto.characters import foreign_problem, is_typographic_quote
from graphval.textproto.problem import MAX_PROBLEMS, Fix, Problem, TooMuch
from graphval.textproto.scalars import escape_problem, number_problem

MAX_TOKENS = 100_000
"""More than a graph of thousands of nodes has; comments count too."""


class T:
    """Token types; the numbers are the groups of :data:`TOKEN`. No enum: in Python 3.11 it takes six times as long to
    name a member of one, and each token is asked for its type several times."""

    IDENTIFIER: Final = 1
    STRING: Final = 2
    NUMBER: Final = 3
    SYMBOL: Final = 4
    COMMENT: Final = 5
    BROKEN_STRING: Final = 6
    FOREIGN: Final = 7
    CONTROL: Final = 8
    END: Final = 9


TOKEN = re.compile(
    r"""[ \t\n\r\v\f]*+(?:
      ([A-Za-z_][A-Za-z0-9_]*)
    | ("(?:[^"\\\n\0]++|\\[^\n\0])*+"|'(?:[^'\\\n\0]++|\\[^\n\0])*+')
    | (0[xX][0-9a-fA-F]*|0[0-9]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]*)?[fF]?)
    | ([!$%&()*+,\-./:;<=>?@\[\\\]^`{|}~])
    | (\#[^\n\0]*)
    | (["'][^\n]*)
    | ([^\x00-\x7f]+)
    | ([\x00-\x1f\x7f]+)
    | (\Z)
    )""",
    re.VERBOSE,
)
"""The next token with the white space before it. Printable ASCII that begins no other token is a symbol. What is beyond
ASCII is said by what it is not: to compile a range of a million characters takes a twentieth of a whole lint."""

_CONFLICTS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
FIELD_OPENERS = ((T.SYMBOL, ":"), (T.SYMBOL, "{"), (T.SYMBOL, "<"))
_NUMBER_TAIL = re.compile(r"[A-Za-z0-9_.]*")


class Tokens:
    """A cursor over the tokens of a text.

    ``type``, ``start`` and ``end`` describe the current token, of which there is none before the first is read; ``at``
    is where the next one is looked for. Comments are passed over; characters that belong to no token are reported and
    passed over.
    """

    __slots__ = ("at", "count", "end", "problems", "start", "text", "type")

    def __init__(self, text: str, problems: list[Problem]) -> None:
        self.text = text
        self.problems = problems
        self.at = 0
        self.count = 0

    def next(self) -> str:
        """Read the next token and return its text; empty at the end."""
        while True:
            match = self._match(self.at)
            kind = match.lastindex or T.END
            self.type: int = kind
            self.start, self.end = match.span(kind)
            self.at = self.end
            found = match[kind]
            if kind == T.COMMENT:
                self.advance(1)
            elif kind == T.FOREIGN:
                if is_typographic_quote(found[0]) and (quoted := self._typographic_string()):
                    return quoted
                self._add(foreign_problem(found, self.start))
            elif kind == T.CONTROL:
                self._control_characters(found)
            elif kind == T.BROKEN_STRING:
                return self._broken_string(found)
            else:
                self.advance(1)
                return found

    def peek(self) -> tuple[int, str]:
        """Type and text of the token after the current one; comments and foreign characters are passed over."""
        at = self.at
        while True:
            match = self._match(at)
            kind = match.lastindex or T.END
            if kind not in (T.COMMENT, T.FOREIGN, T.CONTROL):
                return kind, match[kind]
            at = match.end()

    def _match(self, at: int) -> re.Match[str]:
        match = TOKEN.match(self.text, at)
        assert match is not None, "the pattern takes every character and the end"
        return match

    def field_follows(self) -> bool:
        """Whether the next token is a name with a colon or an opening delimiter behind it."""
        name = self._match(self.at)
        if name.lastindex != T.IDENTIFIER:
            return False
        behind = self._match(name.end())
        return behind.lastindex == T.SYMBOL and behind[T.SYMBOL] in ":{<"

    def advance(self, count: int) -> None:
        """Count tokens. Raises :class:`TooMuch` beyond the cap."""
        self.count += count
        if self.count > MAX_TOKENS:
            self._add(
                Problem(
                    "too-many-tokens",
                    f"the text has more than {MAX_TOKENS:,} tokens",
                    self.at,
                    self.at,
                    help="a graph has some hundreds: is this the right file?",
                )
            )
            raise TooMuch

    def line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        return end if end >= 0 else len(self.text)

    def problem(
        self,
        kind: str,
        message: str,
        start: int,
        end: int,
        *,
        help: str = "",
        fix: Fix | None = None,
        protobuf: str = "",
        related: tuple[tuple[str, int, int], ...] = (),
    ) -> None:
        """Report a mistake. Raises :class:`TooMuch` after too many."""
        self._add(Problem(kind, message, start, end, help, fix, protobuf, related))

    def unexpected(self, word: str, wanted: str, protobuf: str) -> None:
        """Report that the current token stands where something else should be."""
        if self.type == T.BROKEN_STRING:
            return  # reported already
        found = "a string" if self.type == T.STRING else f'"{word}"'
        help_text = ""
        if word == "+":
            help_text = "protobuf takes no plus sign"
        elif word == "/" and self.text.startswith(("/", "*"), self.end):
            help_text = "comments begin with #"
            self.at = self.line_end(self.end)
        elif word in (",", ";"):
            help_text = "remove it"
        self.problem(
            "unexpected-token",
            f"{found} where {wanted} should be",
            self.start,
            self.end,
            help=help_text,
            protobuf=protobuf,
        )

    def merge_conflict(self, word: str, *, in_block: bool) -> bool:
        """Whether the current token begins a line that a version control system left behind; it is reported then."""
        text = self.text
        if not text.startswith(_CONFLICTS, self.start) or text[self.start - 1 : self.start] not in ("", "\n"):
            return False
        self.at = self.line_end(self.start)
        self.problem(
            "merge-conflict",
            "an unresolved merge conflict",
            self.start,
            self.at,
            help="decide for one side and remove the marker",
            protobuf="" if word == ">" and in_block else f"Expected identifier, got: {word}",
        )
        return True

    def check_string(self, word: str) -> None:
        """Report the escapes of the current string token that protobuf refuses."""
        if "\\" not in word:
            return
        found = escape_problem(word)
        if found is not None:
            start, end, message, protobuf = found
            self.problem(
                "bad-escape",
                message,
                self.start + start,
                self.start + end,
                help="write \\\\ for a backslash, / in paths",
                protobuf=protobuf,
            )

    def check_number(self, word: str) -> str:
        """Report what protobuf refuses about the current number token; a tail that touches it is taken with it.
        Returns the token, or ``0`` for one that has no value."""
        tail_end = _NUMBER_TAIL.match(self.text, self.end).end()  # type: ignore[union-attr]  # matches empty text
        message, protobuf = number_problem(word, self.text[self.end : tail_end])
        if not message:
            return word
        end = self.end
        self.end = self.at = tail_end
        if self.peek() in FIELD_OPENERS:
            self.at = end  # the tail is the name of the next field
        self.problem("bad-number", message, self.start, self.end, protobuf=protobuf)
        return "0"

    def _add(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MAX_PROBLEMS:
            raise TooMuch

    def _control_characters(self, found: str) -> None:
        self.problem(
            "control-character",
            f"control character U+{ord(found[0]):04X} in the text",
            self.start,
            self.end,
            help="remove it",
            fix=Fix(self.start, self.end, "", certain=False),
            protobuf="Invalid control characters encountered in text." if found[0] != "\x7f" else "",
        )

    def _broken_string(self, found: str) -> str:
        """A quote without its partner on the line. Brackets at the end of the line are taken to stand outside."""
        quote, nul = found[0], found.find("\0")
        closing = found.find(quote, 1)
        if 0 < nul < closing:
            self.type, self.end = T.STRING, self.start + closing + 1
            self.at = self.end
            self.problem(
                "control-character",
                "control character U+0000 in a string",
                self.start + nul,
                self.start + nul + 1,
                help="write \\0",
                fix=Fix(self.start + nul, self.start + nul + 1, "\\0", certain=False),
                protobuf="Unexpected end of string.",
            )
            return found[: closing + 1]
        length = max(len(found.rstrip(" \t\r}>],;")), 1)
        self.type, self.end = T.BROKEN_STRING, self.start + length
        self.at = self.end
        swallowed = found[:length].endswith(f"\\{quote}")
        at_end = self.start + len(found) == len(self.text)
        self.problem(
            "unterminated-string",
            f"the string has no closing {quote}",
            self.start,
            self.end,
            help=f"\\{quote} is a quote within the string: write \\\\{quote}" if swallowed else f"add {quote}",
            fix=Fix(self.end - 1, self.end - 1, "\\", certain=False)
            if swallowed
            else Fix(self.end, self.end, quote, certain=False),
            protobuf="Unexpected end of string." if at_end else "String literals cannot cross line boundaries.",
        )
        return found[:length]

    def _typographic_string(self) -> str:
        """A string in typographic quotes, read as the string that was meant; empty if the line has no second one."""
        line = self.text[self.start : self.line_end(self.start)]
        closing = next((at for at in range(1, len(line)) if is_typographic_quote(line[at])), 0)
        if not closing:
            return ""
        inner = line[1:closing].replace('"', "'")
        self.type, self.end = T.STRING, self.start + closing + 1
        self.at = self.end
        self.problem(
            "non-ascii-character",
            f"{line[0]} and {line[closing]} are no quotes",
            self.start,
            self.end,
            help=f'write "{inner}"',
            fix=Fix(self.start, self.end, f'"{inner}"'),
            protobuf=f"Interpreting non ascii codepoint {line[0].encode('utf-8', 'surrogateescape')[0]}.",
        )
        return f'"{inner}"'


__all__ = ["FIELD_OPENERS", "MAX_TOKENS", "TOKEN", "T", "Tokens"]
