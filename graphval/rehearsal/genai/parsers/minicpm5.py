"""MiniCPM 5: ``<function name="NAME"><param name="KEY">VALUE</param></function>``, names quoted in either way or not.

A tag without a name is passed over. Values are typed by the tool's schema; what begins as an object or a list and is no
JSON is read with single quotes as double ones, and is null where that does not help.
Source: OVMS ``src/llm/io_processing/minicpm5/minicpm5_tool_parser.cpp``, ``minicpm5_reasoning_parser.hpp`` (2026.4).
"""

from __future__ import annotations

import re
from typing import Any

from graphval.rehearsal.genai.parsers.delta import CallArguments, CallStart, Reasoning
from graphval.rehearsal.genai.parsers.interface import Decoding, ReasoningParser, ToolParser, Tools
from graphval.rehearsal.genai.parsers.states import StatedReader
from graphval.rehearsal.genai.parsers.values import (
    NoJsonError,
    as_kind,
    boolean_word,
    compact,
    read_json,
    without_newlines_around,
)

_FUNCTION, _FUNCTION_END = "<function", "</function>"
_PARAMETER, _PARAMETER_END = "<param", "</param>"
_NAME = re.compile(r"""name=(?:"([^"]*)"|'([^']*)'|([^"'\s/][^\s/]*))""")
_ERASED = ("<s>", "<|im_end|>")


class _Reader(StatedReader):
    def __init__(self, tools: Tools) -> None:
        super().__init__(self._outside)
        self._tools = tools
        self._function = self._parameter = ""
        self._arguments: dict[str, Any] = {}

    def _outside(self) -> bool:
        if self._taken(_FUNCTION) is None:
            return False
        self._state = self._in_function_tag
        return True

    def _in_function_tag(self) -> bool:
        tag = self._taken(">")
        if tag is None:
            return False
        self._function = _name_in(tag)
        if not self._function:
            self._state = self._outside
            return True
        self._index += 1
        self._arguments = {}
        self._deltas.append(CallStart(self._index, self._function))
        self._state = self._in_function
        return True

    def _in_function(self) -> bool:
        tag = self._first_taken(_FUNCTION_END, _PARAMETER)
        if tag is None:
            return False
        if tag == _PARAMETER:
            self._state = self._in_parameter_tag
        else:
            self._deltas.append(CallArguments(self._index, compact(self._arguments)))
            self._state = self._outside
        return True

    def _in_parameter_tag(self) -> bool:
        tag = self._taken(">")
        if tag is None:
            return False
        self._parameter = _name_in(tag)
        self._state = self._in_parameter if self._parameter else self._in_function
        return True

    def _in_parameter(self) -> bool:
        text = self._taken(_PARAMETER_END)
        if text is None:
            return False
        kind = self._tools.get(self._function, {}).get(self._parameter, "")
        self._arguments.setdefault(self._parameter, _value(without_newlines_around(text), kind))
        self._state = self._in_function
        return True


def _name_in(tag: str) -> str:
    """The name that a tag's text tells, empty for none."""
    found = _NAME.search(tag)
    return next((name for name in found.groups() if name), "") if found is not None else ""


def _value(text: str, kind: str) -> Any:
    if kind == "boolean":
        text = boolean_word(text)
    if text[:1] not in ("{", "["):
        return as_kind(text, kind)
    try:
        read_json(text)
    except NoJsonError:
        try:
            return read_json(_double_quoted(text))
        except NoJsonError:
            return None
    return as_kind(text, kind)


def _double_quoted(text: str) -> str:
    """The text with double quotes for single ones, except inside of double quotes and after a backslash."""
    made, quote = "", ""
    escaped = False
    for letter in text:
        if escaped or letter == "\\":
            escaped = not escaped
        elif letter in ('"', "'") and quote in ("", letter):
            quote = "" if quote else letter
            letter = '"'
        made += letter
    return made


PARSER = ToolParser(_Reader, lambda _: (_FUNCTION,), decoding=Decoding(always=True, inside=True), erased=_ERASED)
REASONING = ReasoningParser({"<think>": Reasoning}, ("</think>",), decoding=Decoding(inside=True, starts=("<think>",)))
