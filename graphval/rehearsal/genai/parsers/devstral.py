"""Devstral: ``[TOOL_CALLS]``, a name, ``[ARGS]``, the arguments, ``</s>``; one call in an answer.

Where ``[ARGS]`` never comes, what was written after the tag is the answer's text.
Source: OVMS ``src/llm/io_processing/devstral/tool_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.delta import CallArguments, CallStart, Content, Delta
from graphval.rehearsal.genai.parsers.interface import Decoding, ToolParser, Tools
from graphval.rehearsal.genai.parsers.tags import begun

_CALL, _ARGUMENTS, _END = "[TOOL_CALLS]", "[ARGS]", "</s>"


class _Reader:
    def __init__(self, _: Tools) -> None:
        self._text = ""
        self._started = False
        self._named = False
        self._given = False
        self._ended = False

    def write(self, text: str) -> list[Delta]:
        self._text += text
        if not self._started and _CALL in self._text:
            self._started, self._text = True, self._text.partition(_CALL)[2]
        deltas: list[Delta] = []
        if self._started and not self._named:
            name, found, after = self._text.partition(_ARGUMENTS)
            if not found:
                return []
            self._named, self._text = True, after
            deltas.append(CallStart(0, name.strip()))
        return deltas + self._arguments()

    def end(self) -> list[Delta]:
        if not self._named:
            content = self._text.partition(_END)[0]
            return [Content(content)] if self._started and content else []
        rest = [] if self._ended else self._some(self._text)
        return rest if rest or self._given else [CallArguments(0, "{}")]

    def _arguments(self) -> list[Delta]:
        if not self._named or self._ended:
            return []
        text, found, _ = self._text.partition(_END)
        kept = 0 if found else begun(text, (_END,))
        self._text, self._ended = text[len(text) - kept :], bool(found)
        return self._some(text[: len(text) - kept])

    def _some(self, text: str) -> list[Delta]:
        self._given = self._given or bool(text)
        return [CallArguments(0, text)] if text else []


PARSER = ToolParser(_Reader, lambda _: (_CALL,), decoding=Decoding(always=True, inside=True))
