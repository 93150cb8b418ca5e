"""What a chat model wrote, taken apart: its reasoning, its calls of tools, and the answer itself.

Two of OVMS's parsers, those that the Qwen and Hermes families use, for answers at once; the text of all other models is
handed on as it is.

Source: OVMS ``src/llm/io_processing/qwen3/reasoning_parser.cpp``, ``hermes3/tool_parser.cpp`` (2026.4).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

_THINK, _THOUGHT = "<think>", "</think>"
_CALL, _CALLED = "<tool_call>", "</tool_call>"
_ID_LENGTH = 9


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool; ``arguments`` is a JSON object as text."""

    name: str
    arguments: str

    def document(self) -> dict[str, Any]:
        """The call as an answer shows it, under a number of its own."""
        number = secrets.token_hex(_ID_LENGTH)[:_ID_LENGTH]
        return {"id": number, "type": "function", "function": {"name": self.name, "arguments": self.arguments}}


@dataclass(frozen=True, slots=True)
class Parsed:
    """An answer. ``reasoning`` is empty where there is none."""

    content: str
    reasoning: str = ""
    calls: tuple[ToolCall, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class OutputParser:
    """The parsers that a node's options name, empty for none."""

    tool: str = ""
    reasoning: str = ""

    def parse(self, text: str, *, tools: bool, prompt: str) -> Parsed:
        """``tools`` says whether the request offered any; ``prompt`` may have begun the reasoning already."""
        reasoning, calls = "", tuple[ToolCall, ...]()
        if self.reasoning == "qwen3":
            text, reasoning = _without_reasoning(text, begun=prompt.rstrip().endswith(_THINK))
        if self.tool == "hermes3" and tools:
            text, calls = _without_calls(text)
        return Parsed(text, reasoning, calls)


def _without_reasoning(text: str, *, begun: bool) -> tuple[str, str]:
    start, end = text.find(_THINK), text.find(_THOUGHT)
    if start < 0 and begun:
        return ("", text) if end < 0 else (text[end + len(_THOUGHT) :], text[:end])
    if not 0 <= start < end:
        return text, ""
    return text[:start] + text[end + len(_THOUGHT) :], text[start + len(_THINK) : end]


def _without_calls(text: str) -> tuple[str, tuple[ToolCall, ...]]:
    """The text before the first call, and all calls that can be read; one that cannot is dropped."""
    content, *blocks = text.split(_CALL)
    read = (_read_call(block.partition(_CALLED)[0]) for block in blocks)
    return content, tuple(call for call in read if call is not None)


def _read_call(text: str) -> ToolCall | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("name"), str):
        return None
    arguments = document.get("arguments")
    if not isinstance(arguments, dict):
        return None
    return ToolCall(document["name"], json.dumps(arguments, ensure_ascii=False, separators=(",", ":")))
