"""Calls in a JSON array that begins somewhere after a tag, each written as an object.

Source: OVMS ``src/llm/io_processing/mistral/tool_parser.cpp``, ``phi4/tool_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from graphval.rehearsal.genai.parsers.delta import Delta
from graphval.rehearsal.genai.parsers.json_call import JsonCalls


class JsonArray:
    """Passes over all that stands before ``opening``, whose bracket begins the array."""

    def __init__(self, opening: str) -> None:
        self._opening = opening
        self._calls = JsonCalls()
        self._text: str | None = ""

    def write(self, text: str) -> list[Delta]:
        if self._text is not None:
            self._text += text
            place = self._text.find(self._opening)
            if place < 0:
                return []
            text, self._text = self._text[place:], None
        return list(self._calls.write(text))

    def end(self) -> list[Delta]:
        return []
