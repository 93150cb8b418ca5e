"""Hermes 3 and the Qwen models: each call is JSON between ``<tool_call>`` and ``</tool_call>``.

The closing tag may be missing at the end. What stands between calls and after them is dropped.
Source: OVMS ``src/llm/io_processing/hermes3/tool_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.delta import Delta
from graphval.rehearsal.genai.parsers.interface import ToolParser, Tools
from graphval.rehearsal.genai.parsers.json_call import JsonCalls
from graphval.rehearsal.genai.parsers.tags import begun

_START, _END = "<tool_call>", "</tool_call>"


class _Reader:
    def __init__(self, _: Tools) -> None:
        self._calls = JsonCalls()
        self._text = ""
        self._inside = False

    def write(self, text: str) -> list[Delta]:
        self._text += text
        deltas: list[Delta] = []
        while True:
            tag = _END if self._inside else _START
            before, found, after = self._text.partition(tag)
            kept = 0 if found else begun(self._text, (tag,))
            if self._inside:
                deltas += self._calls.write(before[: len(before) - kept])
            if not found:
                self._text = before[len(before) - kept :]
                return deltas
            self._calls.leave()
            self._text, self._inside = after, not self._inside

    def end(self) -> list[Delta]:
        return list(self._calls.write(self._text)) if self._inside else []


PARSER = ToolParser(_Reader, lambda _: (_START,))
