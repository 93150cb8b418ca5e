"""Onyx: turns addressed to somebody, ``to=NAME<|message|>…<|eom|>``; calls stand in tags of ``atem``.

Turns to ``self`` are reasoning, those to ``user`` the answer. After a call the answer goes on with a turn to ``user``.
Source: OVMS ``src/llm/io_processing/onyx/onyx_tool_parser.cpp``, ``onyx_reasoning_parser.hpp``,
``onyx_content_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.delta import Content, Delta, Reasoning
from graphval.rehearsal.genai.parsers.interface import Decoding, ReasoningParser, ToolParser, Tools
from graphval.rehearsal.genai.parsers.tagged_call import CallTags, TaggedCalls
from graphval.rehearsal.genai.parsers.tags import Eraser, begun, first_of

_TAGS = CallTags(
    call="<atem:function_calls>",
    call_end="</atem:function_calls>",
    function='<atem:invoke name="',
    function_end="</atem:invoke>",
    parameter='<atem:parameter name="',
    parameter_end="</atem:parameter>",
    named='">',
    as_boolean=str.lower,
)
_TURN, _BODY = "<|start|>assistant ", "<|message|>"
_TO_USER = f"to=user{_BODY}"
_ERASED = ("<|eom|>", _TURN, _BODY, "<|eot|>", " to=user", "to=user")


def _before(address: str) -> tuple[str, ...]:
    """An address, also with what stands before it in a turn of its own."""
    return (address, f" {address}", f"{_TURN}{address}")


def _starts(tools: Tools) -> tuple[str, ...]:
    addressed = [f"to={name}" for name in tools if name not in ("user", "self")]
    return (_TAGS.call, *(tag for address in addressed for tag in _before(address)))


class _Reader:
    """Calls, and between them turns to the user."""

    def __init__(self, tools: Tools) -> None:
        self._calls = TaggedCalls(_TAGS, tools)
        self._starts = _starts(tools)
        self._eraser = Eraser(_ERASED)
        self._text = ""
        self._answering = False

    def write(self, text: str) -> list[Delta]:
        self._text += text
        deltas: list[Delta] = []
        while True:
            tags = self._starts if self._answering else (_TO_USER,)
            found = first_of(self._text, tags)
            place = found[0] if found is not None else len(self._text) - begun(self._text, tags)
            deltas += self._part(self._text[:place])
            self._text = self._text[place:]
            if found is None:
                return deltas
            if self._answering:
                deltas.append(Content(self._eraser.end()))
            else:
                self._text = self._text[len(_TO_USER) :]
            self._answering = not self._answering

    def end(self) -> list[Delta]:
        return [*self._part(self._text), Content(self._eraser.end())]

    def _part(self, text: str) -> list[Delta]:
        return [Content(self._eraser.write(text))] if self._answering else self._calls.write(text)


_EVERYWHERE = Decoding(always=True, inside=True)
PARSER = ToolParser(_Reader, _starts, decoding=_EVERYWHERE, erased=_ERASED)
REASONING = ReasoningParser(
    dict.fromkeys(_before("to=self"), Reasoning), ("<|eom|>",), body=_BODY, decoding=_EVERYWHERE, erased=_ERASED
)
