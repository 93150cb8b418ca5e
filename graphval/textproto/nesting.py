"""Open blocks and lists of a text that is being parsed, and which of them lost its closing bracket.

The grammar ignores layout, so that a missing brace shows only at the end of the text. A text that has bracket mistakes
is therefore read a second time with its layout trusted: a closing brace that stands alone on its line belongs to the
block that was opened at its indentation.
"""

from __future__ import annotations

import re

from graphval.textproto.lexer import Tokens
from graphval.textproto.problem import Fix, TooMuch
from graphval.textproto.source import Source
from graphval.textproto.tree import Field, ListValue, MessageValue

MAX_DEPTH = 100
"""Blocks and lists within each other. C++ protobuf parses text to any depth, but reads no message that is nested more
than 100 deep; no graph comes near."""

CLOSERS = {"{": "}", "<": ">", "[": "]"}

_OPENERS_SHOWN = 5
_COMMENT = re.compile(r"#[^\n]*")


class Frame:
    """An open block or list. ``indentation`` is the white space before the line it was opened on; ``flat`` tells that
    what is inside is indented no deeper, so that only a closing bracket can show its end."""

    __slots__ = ("closer", "fields", "flat", "indentation", "value")

    def __init__(self, value: MessageValue | ListValue, closer: str, indentation: int) -> None:
        self.value = value
        self.closer = closer
        self.indentation = indentation
        self.flat = False
        self.fields: list[Field] = value.fields if isinstance(value, MessageValue) else []


class Nesting:
    """The stack of open blocks and lists, outermost first."""

    __slots__ = ("_last_layout", "closed", "layout", "missing", "source", "stack", "tokens")

    def __init__(self, source: Source, tokens: Tokens, *, trust_layout: bool) -> None:
        self.source = source
        self.tokens = tokens
        self.layout = trust_layout
        self.stack: list[Frame] = []
        self.missing = 0
        """How many closing brackets were found missing; one problem may speak of several."""
        self.closed: Frame | None = None
        """The block or list that was closed last: a closer too many mostly follows it."""
        self._last_layout = (-1, 0)

    def push(self, value: MessageValue | ListValue, opener: str) -> None:
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
        indentation = self._layout_of(value.start)[1] if self.layout else 0
        self.stack.append(Frame(value, CLOSERS[opener], indentation))

    def close(self, word: str) -> bool:
        """The closing delimiter that is the current word. False where it closes nothing."""
        tokens = self.tokens
        if self.layout and self.stack and not self._settle(tokens.start):
            self._stray(word)
            return False
        if not self.stack:
            self._stray(word)
            return False
        frame = self.stack.pop()
        if frame.closer != word:
            tokens.problem(
                "mismatched-closing",
                f"{word} closes {self._described(frame)}",
                tokens.start,
                tokens.end,
                help=f"write {frame.closer}",
                fix=Fix(tokens.start, tokens.end, frame.closer, certain=False),
                protobuf=f'Expected "{frame.closer}", found "{word}".',
                related=(("opened here", frame.value.start, frame.value.start + 1),),
            )
        frame.value.end = tokens.end
        self.closed = frame
        return True

    def field_begins(self, start: int) -> bool:
        """In a text whose layout is trusted: whether the field at ``start``, being indented no deeper than the block
        it would fall into, shows that this block lost its closing brace. The block is closed then."""
        line_start, column = self._layout_of(start)
        if line_start + column != start:
            return False
        lost = []
        while self.stack and self.stack[-1].indentation >= column:
            top = self.stack[-1]
            top.flat = top.flat or (isinstance(top.value, MessageValue) and not top.fields)
            if top.flat:
                break
            lost.append(self.stack.pop())
        if lost:
            self.unclosed(start, *lost)
        return bool(lost)

    def indented_deeper(self, offset: int, than: int) -> bool:
        """Whether ``offset`` is on a later line than ``than`` and that line is indented further."""
        line, column = self._layout_of(offset)
        other_line, other_column = self._layout_of(than)
        return line > other_line and column > other_column

    def unclosed(self, before: int, *frames: Frame) -> None:
        """Report that blocks or lists, innermost first, lack their closers before an offset, where they are taken to
        end."""
        for frame in frames:
            frame.value.end = before
        self.missing += len(frames)
        at_end = before == len(self.source.text)
        closers = "".join(frame.closer for frame in frames)
        still_open = f"{self._described(frames[0])} is" if len(frames) == 1 else f"{len(frames)} brackets are"
        self.tokens.problem(
            "unclosed-list" if frames[0].closer == "]" else "unclosed-message",
            f"the text ends, and {still_open} still open"
            if at_end
            else f"{closers} is missing before this: {still_open} still open",
            before,
            before,
            help=f"add {closers}",
            fix=self._closing(before, frames),
            protobuf="Expected identifier, got: " if at_end and frames[0].closer != "]" else "",
            related=tuple(
                ("opened here", frame.value.start, frame.value.start + 1) for frame in frames[:_OPENERS_SHOWN]
            ),
        )

    def end_of_text(self) -> None:
        """Report what is still open."""
        if self.stack:
            self.unclosed(len(self.source.text), *reversed(self.stack))

    def _closing(self, before: int, frames: tuple[Frame, ...]) -> Fix:
        """Closers before an offset: each on a line of its own, as far in as its opener, where the offset begins one."""
        text = self.source.text
        line_start, column = self._layout_of(before)
        if line_start + column != before and before < len(text):
            return Fix(before, before, "".join(f"{frame.closer} " for frame in frames), certain=False)
        lines = []
        for frame in frames:
            opener_line, indentation = self._layout_of(frame.value.start)
            lines.append(f"{text[opener_line : opener_line + indentation]}{frame.closer}\n")
        if line_start + column == before:
            return Fix(line_start, line_start, "".join(lines), certain=False)
        return Fix(before, before, "\n" + "".join(lines), certain=False)

    def _settle(self, start: int) -> bool:
        """Bring the stack into line with a closing brace that stands alone on its line: what was opened further in has
        lost its own. False where the brace is indented deeper than the block it would close."""
        line_start, column = self._layout_of(start)
        top = self.stack[-1]
        if line_start + column != start or top.indentation == column:
            return True
        if column > top.indentation:
            return False
        if any(frame.indentation == column for frame in self.stack):
            lost = []
            while self.stack[-1].indentation > column:
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
        frame = self.closed
        if frame is None or _COMMENT.sub("", self.source.text[frame.value.end : start]).strip():
            return ()
        return ((f"{self._described(frame)} is closed here", frame.value.end - 1, frame.value.end),)

    def _described(self, frame: Frame) -> str:
        line, _ = self.source.position(frame.value.start)
        return f"the {self.source.text[frame.value.start]} of line {line}"

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
