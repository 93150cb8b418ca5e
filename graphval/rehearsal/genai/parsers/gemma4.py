"""Gemma 4: ``<|tool_call>call:NAME{key:<|"|>text<|"|>,other:1}<tool_call|>``; reasoning on a channel of its own.

Several calls may stand between the tags; what follows them is the answer. Null is written as an empty text.
Source: OVMS ``src/llm/io_processing/gemma4/tool_parser.cpp``, ``reasoning_parser.hpp`` (2026.4).
"""

from __future__ import annotations

import re
from typing import Any

from graphval.rehearsal.genai.parsers.delta import CallArguments, CallStart, Content, Delta, Reasoning
from graphval.rehearsal.genai.parsers.interface import Decoding, ReasoningParser, ToolParser, Tools
from graphval.rehearsal.genai.parsers.states import StatedReader
from graphval.rehearsal.genai.parsers.tags import Eraser, begun
from graphval.rehearsal.genai.parsers.values import (
    NoJsonError,
    compact,
    find_outside,
    read_json,
    split_outside,
    without_null,
)

_START, _END, _NAME, _QUOTE = "<|tool_call>", "<tool_call|>", "call:", '<|"|>'
_ERASED = ("<turn|>", "<|tool_response>")
_QUOTED = re.compile(re.escape(_QUOTE) + r"(.*?)(" + re.escape(_QUOTE) + r"|\Z)", re.DOTALL)
_NO_PART_OF_A_TEXT = str.maketrans("\"'{}[]", "\1" * 6)


class _Reader(StatedReader):
    def __init__(self, _: Tools) -> None:
        super().__init__(self._before)
        self._eraser = Eraser(_ERASED)
        self._looked_at = 0  # letters of the arguments that do not end them

    def end(self) -> list[Delta]:
        return [Content(self._eraser.write(self._text) + self._eraser.end())] if self._state == self._in_answer else []

    def _before(self) -> bool:
        """The first tag, or a call that comes without it."""
        self._text = self._text.removeprefix(_START)
        self._state = self._in_name
        return True

    def _in_answer(self) -> bool:
        place = self._text.find(_START)
        kept = begun(self._text, (_START,)) if place < 0 else 0
        end = len(self._text) - kept if place < 0 else place
        self._deltas.append(Content(self._eraser.write(self._text[:end])))
        self._text = self._text[end:]
        if place < 0:
            return False
        self._text = self._text[len(_START) :]
        self._state = self._in_name
        return True

    def _in_name(self) -> bool:
        name = self._taken("{")
        if name is None:
            return False
        self._index += 1
        self._deltas.append(CallStart(self._index, name.partition(_NAME)[2].strip() or name.strip()))
        self._state = self._in_arguments
        return True

    def _in_arguments(self) -> bool:
        if "}" not in self._text[self._looked_at :]:
            return False
        self._looked_at = len(self._text)
        place = find_outside(_masked(self._text), "}")
        if place < 0:
            return False
        self._deltas.append(CallArguments(self._index, compact(_arguments(self._text[:place]))))
        self._text, self._looked_at = self._text[place + 1 :], 0
        self._state = self._after_call
        return True

    def _after_call(self) -> bool:
        tag = self._first_taken(_NAME, _END)
        if tag is None:
            return False
        self._state = self._in_name if tag == _NAME else self._in_answer
        return True


def _masked(text: str) -> str:
    """The text with nothing in its quoted parts that could be taken for structure."""
    return _QUOTED.sub(lambda part: _QUOTE + part[1].translate(_NO_PART_OF_A_TEXT) + part[2], text)


def _arguments(text: str) -> dict[str, Any]:
    pairs = [part.partition(":") for part in split_outside(text, ",", _masked(text))] if text else []
    return {name.strip(): without_null(_value(value)) for name, _, value in pairs}


def _value(text: str) -> Any:
    stripped = text.strip()
    if not stripped:
        return ""
    if stripped.lower() in ("true", "false", "null"):
        return read_json(stripped.lower())
    if _is_quoted(stripped):
        return _said(stripped[len(_QUOTE) : -len(_QUOTE)])
    try:
        if stripped[0] == "{" and stripped[-1] == "}":
            return _object(stripped[1:-1].strip())
        if stripped[0] == "[" and stripped[-1] == "]":
            inner = stripped[1:-1].strip()
            return [_value(part) for part in split_outside(inner, ",", _masked(inner))] if inner else []
        return read_json(stripped)
    except NoJsonError:
        return _said(text)


def _object(inner: str) -> dict[str, Any]:
    """Raises :class:`NoJsonError` where a member has no key."""
    made: dict[str, Any] = {}
    for part in split_outside(inner, ",", _masked(inner)) if inner else ():
        place = find_outside(_masked(part), ":")
        if place < 0:
            raise NoJsonError(part)
        key = part[:place].strip()
        made.setdefault(_said(key[len(_QUOTE) : -len(_QUOTE)] if _is_quoted(key) else key), _value(part[place + 1 :]))
    return made


def _is_quoted(text: str) -> bool:
    return len(text) >= 2 * len(_QUOTE) and text.startswith(_QUOTE) and text.endswith(_QUOTE)


def _said(text: str) -> str:
    """What a text says where it is written as the inside of a JSON string, or else the text."""
    whole = len(text) > 1 and text[0] == text[-1] == '"'
    try:
        value = read_json(text if whole else f'"{text}"')
    except NoJsonError:
        return text
    return value if isinstance(value, str) else text


PARSER = ToolParser(
    _Reader,
    lambda _: (_START,),
    only_first=(_NAME,),
    decoding=Decoding(inside=True, starts=(_START,)),
    erased=_ERASED,
)
REASONING = ReasoningParser(
    {"<|channel>thought\n": Reasoning}, ("<channel|>",), decoding=Decoding(inside=True, starts=("<|channel>",))
)
