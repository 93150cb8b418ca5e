"""Calls whose parameters stand between tags, each value typed by the tool's schema.

A parameter that comes twice keeps its first value. The arguments are told when the call's last tag has come; what
stands between calls and after them is dropped.
Source: OVMS ``src/llm/io_processing/qwen3coder/qwen3coder_tool_parser.cpp``, ``onyx/onyx_tool_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphval.rehearsal.genai.parsers.delta import CallArguments, CallStart
from graphval.rehearsal.genai.parsers.interface import Tools
from graphval.rehearsal.genai.parsers.states import StatedReader
from graphval.rehearsal.genai.parsers.values import as_kind, compact, without_newlines_around


@dataclass(frozen=True, slots=True)
class CallTags:
    """The tags of one family. ``named`` ends the tags that hold a name."""

    call: str
    call_end: str
    function: str
    function_end: str
    parameter: str
    parameter_end: str
    named: str
    as_boolean: Callable[[str], str]


class TaggedCalls(StatedReader):
    """A reader for such calls."""

    def __init__(self, tags: CallTags, tools: Tools) -> None:
        super().__init__(self._outside)
        self._tags = tags
        self._tools = tools
        self._function = self._parameter = ""
        self._arguments: dict[str, Any] = {}

    def _outside(self) -> bool:
        tag = self._first_taken(self._tags.call, self._tags.function)
        if tag is None:
            return False
        self._state = self._in_call if tag == self._tags.call else self._in_function_name
        return True

    def _in_call(self) -> bool:
        if self._taken(self._tags.function) is None:
            return False
        self._state = self._in_function_name
        return True

    def _in_function_name(self) -> bool:
        name = self._taken(self._tags.named)
        if name is None:
            return False
        self._function, self._arguments = name, {}
        self._index += 1
        self._deltas.append(CallStart(self._index, name))
        self._state = self._in_function
        return True

    def _in_function(self) -> bool:
        tag = self._first_taken(self._tags.function_end, self._tags.parameter)
        if tag is None:
            return False
        self._state = self._after_function if tag == self._tags.function_end else self._in_parameter_name
        return True

    def _in_parameter_name(self) -> bool:
        name = self._taken(self._tags.named)
        if name is None:
            return False
        self._parameter = name
        self._state = self._in_parameter
        return True

    def _in_parameter(self) -> bool:
        value = self._taken(self._tags.parameter_end)
        if value is None:
            return False
        kind = self._tools.get(self._function, {}).get(self._parameter, "")
        value = without_newlines_around(value)
        if kind == "boolean":
            value = self._tags.as_boolean(value)
        self._arguments.setdefault(self._parameter, as_kind(value, kind))
        self._state = self._in_function
        return True

    def _after_function(self) -> bool:
        if self._taken(self._tags.call_end) is None:
            return False
        self._deltas.append(CallArguments(self._index, compact(self._arguments)))
        self._state = self._outside
        return True
