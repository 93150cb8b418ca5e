"""Llama 3: JSON after ``<|python_tag|>``, or from the first letter on; ``;`` stands between calls.

The arguments are called ``parameters`` or ``arguments``.
Source: OVMS ``src/llm/io_processing/llama3/tool_parser.cpp``, ``tool_parser.hpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.delta import Delta
from graphval.rehearsal.genai.parsers.interface import Decoding, ToolParser, Tools
from graphval.rehearsal.genai.parsers.json_call import JsonCalls

_TAG = "<|python_tag|>"


class _Reader:
    def __init__(self, _: Tools) -> None:
        self._calls = JsonCalls(("parameters", "arguments"))

    def write(self, text: str) -> list[Delta]:
        return list(self._calls.write(text))

    def end(self) -> list[Delta]:
        return []


PARSER = ToolParser(_Reader, lambda _: (_TAG,), only_first=("{",), decoding=Decoding(starts=(_TAG,)))
