"""Phi 4: a JSON array of calls after the word ``functools``.

Source: OVMS ``src/llm/io_processing/phi4/tool_parser.cpp``, ``tool_parser.hpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.interface import ToolParser, Tools
from graphval.rehearsal.genai.parsers.json_array import JsonArray

_WORD = "functools"


def _reader(_: Tools) -> JsonArray:
    return JsonArray("[")


PARSER = ToolParser(_reader, lambda _: (_WORD,))
