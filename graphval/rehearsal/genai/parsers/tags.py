"""Looking for tags in text that comes in pieces: what may yet become a tag is held back.

Source: OVMS ``src/llm/io_processing/output_parser.cpp`` (the look-up of tags), ``default_content_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterable


def begun(text: str, tags: Iterable[str]) -> int:
    """How many letters at the end of ``text`` may be the beginning of one of the tags."""
    return max((_overlap(text, tag) for tag in tags), default=0)


def _overlap(text: str, tag: str) -> int:
    for length in range(min(len(text), len(tag) - 1), 0, -1):
        if text.endswith(tag[:length]):
            return length
    return 0


def first_of(text: str, tags: Iterable[str]) -> tuple[int, str] | None:
    """The place of the earliest tag in ``text`` and the tag, the longest one of those that begin there."""
    found = [(text.find(tag), -len(tag), tag) for tag in tags if tag in text]
    if not found:
        return None
    place, _, tag = min(found)
    return place, tag


class Eraser:
    """Takes markers of the model's own out of a text that comes in pieces."""

    def __init__(self, markers: tuple[str, ...] = ()) -> None:
        self._markers = markers
        self._held = ""

    def write(self, text: str) -> str:
        text = self._held + text
        kept = ""
        while (found := first_of(text, self._markers)) is not None:
            place, marker = found
            kept += text[:place]
            text = text[place + len(marker) :]
        waiting = begun(text, self._markers)
        self._held = text[len(text) - waiting :]
        return kept + text[: len(text) - waiting]

    def end(self) -> str:
        text, self._held = self._held, ""
        return text
