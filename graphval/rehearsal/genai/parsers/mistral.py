"""Mistral: a JSON array of calls after ``[TOOL_CALLS]``, or wherever ``[{"`` stands.

Source: OVMS ``src/llm/io_processing/mistral/tool_parser.cpp``, ``tool_parser.hpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.interface import Decoding, ToolParser, Tools
from graphval.rehearsal.genai.parsers.json_array import JsonArray

_TAG, _ARRAY = "[TOOL_CALLS]", '[{"'


def _reader(_: Tools) -> JsonArray:
    return JsonArray(_ARRAY)


PARSER = ToolParser(_reader, lambda _: (_TAG, _ARRAY), decoding=Decoding(starts=(_TAG,)))
