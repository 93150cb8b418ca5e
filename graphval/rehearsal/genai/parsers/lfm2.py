"""LFM2: calls as Python would write them, ``<|tool_call_start|>[f(a=1, b="x"), g()]<|tool_call_end|>``.

What follows the calls is the answer, up to ``<|im_end|>``. Null is written as an empty text.
Source: OVMS ``src/llm/io_processing/lfm2/lfm2_tool_parser.cpp``, ``lfm25_reasoning_parser.hpp`` (2026.4).
"""

from __future__ import annotations

from typing import Any

from graphval.rehearsal.genai.parsers.delta import CallArguments, CallStart, Content, Delta, Reasoning
from graphval.rehearsal.genai.parsers.interface import Decoding, ReasoningParser, ToolParser, Tools
from graphval.rehearsal.genai.parsers.states import StatedReader
from graphval.rehearsal.genai.parsers.tags import begun, first_of
from graphval.rehearsal.genai.parsers.values import (
    NoJsonError,
    compact,
    find_outside,
    read_json,
    split_outside,
    without_null,
)

_START, _END, _TURN_END = "<|tool_call_start|>", "<|tool_call_end|>", "<|im_end|>"
_SEPARATOR = ", "


class _Reader(StatedReader):
    def __init__(self, _: Tools) -> None:
        super().__init__(self._in_answer)
        self._over = False
        self._looked_at = 0  # letters of the arguments that do not end them

    def end(self) -> list[Delta]:
        answering = self._state == self._in_answer and not self._over
        return [Content(self._text)] if answering and self._text else []

    def _in_answer(self) -> bool:
        if self._over:
            self._text = ""
            return False
        tags = (_START, _END, _TURN_END)
        found = first_of(self._text, tags)
        place = found[0] if found is not None else len(self._text) - begun(self._text, tags)
        if place:
            self._deltas.append(Content(self._text[:place]))
        self._text = self._text[place:]
        if found is None:
            return False
        self._text = self._text[len(found[1]) :]
        self._over = found[1] == _TURN_END
        if found[1] == _START:
            self._state = self._in_name
        return True

    def _in_name(self) -> bool:
        name = self._taken("(")
        if name is None:
            return False
        self._index += 1
        self._deltas.append(CallStart(self._index, name.rpartition("[")[2].strip()))
        self._state = self._in_arguments
        return True

    def _in_arguments(self) -> bool:
        if ")" not in self._text[self._looked_at :]:
            return False
        self._looked_at = len(self._text)
        place = find_outside(self._text, ")")
        if place < 0:
            return False
        self._deltas.append(CallArguments(self._index, compact(_arguments(self._text[:place]))))
        self._text, self._looked_at = self._text[place + 1 :], 0
        self._state = self._after_call
        return True

    def _after_call(self) -> bool:
        tag = self._first_taken(_SEPARATOR, "]", _END)
        if tag is None:
            return False
        self._state = self._in_name if tag == _SEPARATOR else self._in_answer
        return True


def _arguments(text: str) -> dict[str, Any]:
    pairs = [part.partition("=") for part in split_outside(text, _SEPARATOR)] if text else []
    return {name: without_null(_value(value)) for name, _, value in pairs}


def _value(text: str) -> Any:
    text = text.strip()
    if not text or text.lower() in ("true", "false", "null"):
        return read_json(text.lower()) if text else ""
    written = text
    if (text[0], text[-1]) in (("{", "}"), ("[", "]")):
        written = _double_quoted(text)
    elif text[0] == text[-1] == "'":
        written = f'"{text[1:-1]}"'
    try:
        return read_json(written)
    except NoJsonError:
        return written[1:-1] if text[0] == text[-1] == '"' else written


def _double_quoted(text: str) -> str:
    """A list or an object with double quotes for those single ones that stand around its values."""
    made = list(text)
    open_ = False
    for place in range(1, len(text) - 1):
        if text[place] != "'":
            continue
        last = place == len(text) - 2
        if not open_ or last or text[place + 1] in ",:":
            made[place] = '"'
            open_ = not open_
    return "".join(made)


PARSER = ToolParser(_Reader, lambda _: (_START,), decoding=Decoding(inside=True, starts=(_START,)), erased=(_TURN_END,))
REASONING = ReasoningParser(
    {"<think>": Reasoning}, ("</think>",), decoding=Decoding(always=True, inside=True, starts=("<think>",))
)
