"""Qwen3-Coder: ``<tool_call><function=NAME><parameter=KEY>VALUE</parameter></function></tool_call>``.

The first tag may be missing.
Source: OVMS ``src/llm/io_processing/qwen3coder/qwen3coder_tool_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.interface import ToolParser, Tools
from graphval.rehearsal.genai.parsers.tagged_call import CallTags, TaggedCalls
from graphval.rehearsal.genai.parsers.values import boolean_word

_TAGS = CallTags(
    call="<tool_call>",
    call_end="</tool_call>",
    function="<function=",
    function_end="</function>",
    parameter="<parameter=",
    parameter_end="</parameter>",
    named=">",
    as_boolean=boolean_word,
)


def _reader(tools: Tools) -> TaggedCalls:
    return TaggedCalls(_TAGS, tools)


PARSER = ToolParser(_reader, lambda _: (_TAGS.call, _TAGS.function))
