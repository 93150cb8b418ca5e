"""GPT-OSS: messages on channels, ``<|channel|>NAME<|message|>…<|end|>``.

``analysis`` is reasoning, ``final`` and ``commentary`` the answer; a message ``to=functions.NAME`` is a call.
Source: OVMS ``src/llm/io_processing/gptoss/tool_parser.cpp``, ``tool_parser.hpp``, ``reasoning_parser.cpp``,
``reasoning_parser.hpp`` (2026.4).
"""

from __future__ import annotations

import re

from graphval.rehearsal.genai.parsers.delta import CallArguments, CallStart, Content, Delta, Reasoning
from graphval.rehearsal.genai.parsers.interface import Decoding, ReasoningParser, ToolParser, Tools
from graphval.rehearsal.genai.parsers.tags import begun, first_of

_STARTS = ("<|channel|>commentary to=", "<|channel|>analysis to=")
_BODY = "<|message|>"
_ENDS = ("<|call|>", "<|end|>", "<|return|>")
_FUNCTION = re.compile(r"functions\.([^\s<]+)")


class _Reader:
    def __init__(self, _: Tools) -> None:
        self._text = ""
        self._in_body = False
        self._index = -1
        self._named = False

    def write(self, text: str) -> list[Delta]:
        self._text += text
        deltas: list[Delta] = []
        while True:
            if not self._in_body:
                header = self._header()
                if header is None:
                    return deltas
                deltas += header
            body, more = self._body()
            deltas += body
            if not more:
                return deltas

    def end(self) -> list[Delta]:
        return self._arguments(self._text) if self._in_body else []

    def _header(self) -> list[Delta] | None:
        """What a whole header tells; ``None`` where none has come yet."""
        found = first_of(self._text, _STARTS)
        if found is None:
            return None
        head, body, after = self._text[found[0] + len(found[1]) :].partition(_BODY)
        if not body:
            return None
        self._text, self._in_body = after, True
        name = _FUNCTION.search(head)
        self._named = name is not None
        if name is None:
            return []
        self._index += 1
        return [CallStart(self._index, name[1])]

    def _body(self) -> tuple[list[Delta], bool]:
        found = first_of(self._text, _ENDS)
        if found is None:
            kept = begun(self._text, _ENDS)
            text, self._text = self._text[: len(self._text) - kept], self._text[len(self._text) - kept :]
            return self._arguments(text), False
        place, tag = found
        text, self._text = self._text[:place], self._text[place + len(tag) :]
        self._in_body = False
        return self._arguments(text), True

    def _arguments(self, text: str) -> list[Delta]:
        return [CallArguments(self._index, text)] if self._named and text else []


_EVERYWHERE = Decoding(always=True, inside=True)
PARSER = ToolParser(_Reader, lambda _: _STARTS, decoding=_EVERYWHERE)
REASONING = ReasoningParser(
    {
        "<|channel|>analysis<|message|>": Reasoning,
        "<|channel|>final<|message|>": Content,
        "<|channel|>commentary<|message|>": Content,
        "<|start|>assistant<|channel|>final<|message|>": Content,
    },
    ("<|end|>", "<|return|>"),
    decoding=_EVERYWHERE,
)
