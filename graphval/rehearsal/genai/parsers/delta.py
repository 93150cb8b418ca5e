"""The pieces that an answer is taken apart into, and how they are put together again.

Source: OVMS ``src/llm/io_processing/delta.hpp``, ``base_output_parser.cpp``, ``utils.cpp``; for whole answers
``src/test/llm/output_parsers/output_parser_test_utils.hpp``, which repeats what the servables do (2026.4).
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graphval.rehearsal.genai.parsers.values import NoJsonError, compact, read_json

_ID_LENGTH = 9
_ID_LETTERS = string.ascii_letters + string.digits


def _number() -> str:
    return "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))


@dataclass(frozen=True, slots=True)
class Content:
    """Text of the answer itself."""

    text: str

    def document(self) -> dict[str, Any]:
        return {"content": self.text}


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Text that the model thinks before it answers."""

    text: str

    def document(self) -> dict[str, Any]:
        return {"reasoning_content": self.text}


@dataclass(frozen=True, slots=True)
class CallStart:
    """A call of a tool begins; ``index`` counts the calls of one answer from 0."""

    index: int
    name: str

    def document(self) -> dict[str, Any]:
        call = {"id": _number(), "type": "function", "index": self.index, "function": {"name": self.name}}
        return {"tool_calls": [call]}


@dataclass(frozen=True, slots=True)
class CallArguments:
    """A piece of the arguments of a call; all pieces of one call together are meant to be a JSON object."""

    index: int
    text: str

    def document(self) -> dict[str, Any]:
        return {"tool_calls": [{"index": self.index, "function": {"arguments": self.text}}]}


Delta = Content | Reasoning | CallStart | CallArguments


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool; ``arguments`` is the text that the model wrote for them, or made of it by its parser."""

    name: str
    arguments: str

    def document(self) -> dict[str, Any]:
        """The call as an answer shows it, under a number of its own."""
        return {"id": _number(), "type": "function", "function": {"name": self.name, "arguments": self.arguments}}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole answer. ``reasoning`` is empty where there is none."""

    content: str
    reasoning: str = ""
    calls: tuple[ToolCall, ...] = field(default_factory=tuple)


def joined(deltas: Iterable[Delta]) -> Parsed:
    """An answer put together. Calls without arguments are left out, and arguments that are JSON lose their blanks."""
    content, reasoning = "", ""
    names: list[str] = []
    arguments: list[str] = []
    for delta in deltas:
        match delta:
            case Content(text):
                content += text
            case Reasoning(text):
                reasoning += text
            case CallStart(_, name):
                names.append(name)
                arguments.append("")
            case CallArguments(index, text):
                arguments[index] += text
    calls = zip(names, arguments, strict=True)
    return Parsed(content, reasoning, tuple(ToolCall(name, _compacted(text)) for name, text in calls if text))


def _compacted(arguments: str) -> str:
    try:
        return compact(read_json(arguments))
    except NoJsonError:
        return arguments


def merged(deltas: Iterable[Delta]) -> list[Delta]:
    """Neighbours of one kind made one; empty ones left out, except the beginning of a call."""
    made: list[Delta] = []
    for delta in deltas:
        before = made[-1] if made else None
        match before, delta:
            case _, Content("") | Reasoning("") | CallArguments(_, ""):
                continue
            case (Content(a), Content(b)):
                made[-1] = Content(a + b)
            case (Reasoning(a), Reasoning(b)):
                made[-1] = Reasoning(a + b)
            case (CallArguments(i, a), CallArguments(j, b)) if i == j:
                made[-1] = CallArguments(i, a + b)
            case _:
                made.append(delta)
    return made


def calls_in(deltas: Iterable[Delta]) -> bool:
    """Whether the pieces tell of a call of a tool."""
    return any(isinstance(delta, CallStart | CallArguments) for delta in deltas)
