"""Open blocks and lists of a text that is being parsed, and which of them lost its closing bracket.

The grammar ignores layout, so that a missing brace shows only at the end of the text. A text that has bracket mistakes
is therefore read a second time with its layout trusted: a closing brace that stands alone on its line belongs to the
block that was opened at its indentation.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from graphval.textproto.lexer import Tokens
from graphval.textproto.problem import Fix, TooMuch
from graphval.textproto.source import Source
from graphval.textproto.tree import ListValue, MessageValue

MAX_DEPTH = 100
"""Blocks and lists within each other. C++ protobuf parses text to any depth, but reads no message that is nested more
than 100 deep; no graph comes near."""

_OPENERS_SHOWN = 5
_COMMENT = re.compile(r"#[^\n]*")


Nested: TypeAlias = MessageValue | ListValue


class Nesting:
    """The stack of open blocks and lists, outermost first."""

    __slots__ = ("_flat", "_indentation", "_last_layout", "closed", "layout", "missing", "source", "stack", "tokens")

    def __init__(self, source: Source, tokens: Tokens, *, trust_layout: bool) -> None:
        self.source = source
        self.tokens = tokens
        self.layout = trust_layout
        self.stack: list[Nested] = []
        self.missing = 0
        """How many closing brackets were found missing; one problem may speak of several."""
        self.closed: Nested | None = None
        """The block or list that was closed last: a closer too many mostly follows it."""
        self._last_layout = (-1, 0)
        self._indentation: dict[int, int] = {}
        """By the start of a block or list, the white space before the line it was opened on."""
        self._flat: set[int] = set()
        """Starts of blocks with nothing in them that is indented deeper, so that only a closing bracket can show their
        end."""

    def push(self, value: Nested) -> None:
        """Open a block or list at ``value.start``. Raises :class:`TooMuch` beyond the depth cap."""
        if len(self.stack) >= MAX_DEPTH:
            self.tokens.problem(
                "too-deep",
                f"blocks are nested more than {MAX_DEPTH} deep",
                value.start,
                value.start + 1,
                help="is a closing brace missing further up?",
            )
            raise TooMuch
        if self.layout:
            self._indentation[value.start] = self._layout_of(value.start)[1]
        self.stack.append(value)

    def closer(self, value: Nested) -> str:
        """The bracket that closes a block or list; a block whose opening is missing would have braces."""
        if isinstance(value, ListValue):
            return "]"
        return ">" if self.source.text[value.start] == "<" else "}"

    def close(self, word: str) -> bool:
        """The closing delimiter that is the current word. False where it closes nothing."""
        tokens = self.tokens
        if self.layout and self.stack and not self._settle(tokens.start):
            self._stray(word)
            return False
        if not self.stack:
            self._stray(word)
            return False
        value = self.stack.pop()
        closer = self.closer(value)
        if closer != word:
            tokens.problem(
                "mismatched-closing",
                f"{word} closes {self._described(value)}",
                tokens.start,
                tokens.end,
                help=f"write {closer}",
                fix=Fix(tokens.start, tokens.end, closer, certain=False),
                protobuf=f'Expected "{closer}", found "{word}".',
                related=(("opened here", value.start, value.start + 1),),
            )
        value.end = tokens.end
        self.closed = value
        return True

    def field_begins(self, start: int) -> None:
        """In a text whose layout is trusted: close the blocks that have lost their closing braces, as the field at
        ``start`` shows by being indented no deeper than they are."""
        line_start, column = self._layout_of(start)
        if line_start + column != start:
            return
        lost = []
        while self.stack and self._indentation[self.stack[-1].start] >= column:
            top = self.stack[-1]
            if isinstance(top, MessageValue) and not top.fields:
                self._flat.add(top.start)
            outer = self.stack[-2] if len(self.stack) > 1 else None
            in_list = isinstance(outer, ListValue) and self._indentation[outer.start] < column
            if top.start in self._flat or in_list:  # no field can stand in the list itself
                break
            lost.append(self.stack.pop())
        if lost:
            self.unclosed(start, *lost)

    def indented_deeper(self, offset: int, than: int) -> bool:
        """Whether the line of ``offset`` is another one than that of ``than`` and indented further."""
        return self._layout_of(offset)[1] > self._layout_of(than)[1]

    def unclosed(self, before: int, *values: Nested) -> None:
        """Report that blocks or lists, innermost first, lack their closers before an offset, where they are taken to
        end."""
        for value in values:
            value.end = before
        self.missing += len(values)
        at_end = before == len(self.source.text)
        closers = "".join(map(self.closer, values))
        still_open = f"{self._described(values[0])} is" if len(values) == 1 else f"{len(values)} brackets are"
        self.tokens.problem(
            "unclosed-list" if isinstance(values[0], ListValue) else "unclosed-message",
            f"the text ends, and {still_open} still open"
            if at_end
            else f"{closers} is missing before this: {still_open} still open",
            before,
            before,
            help=f"add {closers}",
            fix=self._closing(before, values),
            protobuf="Expected identifier, got: " if at_end and isinstance(values[0], MessageValue) else "",
            related=tuple(("opened here", value.start, value.start + 1) for value in values[:_OPENERS_SHOWN]),
        )

    def end_of_text(self) -> None:
        """Report what is still open."""
        if self.stack:
            self.unclosed(len(self.source.text), *reversed(self.stack))

    def _closing(self, before: int, values: tuple[Nested, ...]) -> Fix:
        """Closers before an offset: each on a line of its own, as far in as its opener, where the offset begins one."""
        text = self.source.text
        line_start, column = self._layout_of(before)
        if line_start + column != before and before < len(text):  # where only one can be missing: that of a list
            return Fix(before, before, f"{self.closer(values[0])} ", certain=False)
        lines = []
        for value in values:
            opener_line, indentation = self._layout_of(value.start)
            lines.append(f"{text[opener_line : opener_line + indentation]}{self.closer(value)}\n")
        if line_start + column == before:
            return Fix(line_start, line_start, "".join(lines), certain=False)
        return Fix(before, before, "\n" + "".join(lines), certain=False)

    def _settle(self, start: int) -> bool:
        """Bring the stack into line with a closing brace that stands alone on its line: what was opened further in has
        lost its own. False where the brace is indented deeper than the block it would close."""
        line_start, column = self._layout_of(start)
        if line_start + column != start:
            return True
        if column > self._indentation[self.stack[-1].start]:
            return False
        if any(self._indentation[value.start] == column for value in self.stack):
            lost = []
            while self._indentation[self.stack[-1].start] > column:
                lost.append(self.stack.pop())
            if lost:
                self.unclosed(start, *lost)
        return True

    def _stray(self, word: str) -> None:
        tokens = self.tokens
        tokens.problem(
            "stray-closing",
            f"{word} closes nothing",
            tokens.start,
            tokens.end,
            help="remove it",
            fix=Fix(tokens.start, tokens.end, "", certain=False),  # which of several was one too many?
            protobuf=f"Expected identifier, got: {word}",
            related=self._closed_before(tokens.start),
        )

    def _closed_before(self, start: int) -> tuple[tuple[str, int, int], ...]:
        """The closer before ``start`` and what it closes, where nothing else stands between them."""
        value = self.closed
        if value is None or _COMMENT.sub("", self.source.text[value.end : start]).strip():
            return ()
        return ((f"{self._described(value)} is closed here", value.end - 1, value.end),)

    def _described(self, value: Nested) -> str:
        line, _ = self.source.position(value.start)
        return f"the {self.source.text[value.start]} of line {line}"

    def _layout_of(self, offset: int) -> tuple[int, int]:
        """Start of the line of an offset, and the columns of white space it begins with."""
        _, column = self.source.position(offset)
        line_start = offset - column + 1
        if self._last_layout[0] != line_start:
            text, at = self.source.text, line_start
            while text.startswith((" ", "\t"), at):
                at += 1
            self._last_layout = line_start, at - line_start
        return self._last_layout
