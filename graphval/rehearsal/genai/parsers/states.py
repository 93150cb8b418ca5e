"""A reader of calls that is always in one of several states."""

from __future__ import annotations

from collections.abc import Callable

from graphval.rehearsal.genai.parsers.delta import Delta
from graphval.rehearsal.genai.parsers.tags import first_of


class StatedReader:
    """Each state takes what it knows from the text, notes what that shows, names the state that follows, and says
    whether there was enough text for it."""

    def __init__(self, first: Callable[[], bool]) -> None:
        self._state = first
        self._text = ""
        self._index = -1  # of the call that is being read, among those of the answer
        self._deltas: list[Delta] = []

    def write(self, text: str) -> list[Delta]:
        self._text += text
        while self._state():
            pass
        deltas, self._deltas = self._deltas, []
        return deltas

    def end(self) -> list[Delta]:
        return []

    def _taken(self, tag: str) -> str | None:
        """The text before a tag, both taken; ``None``, and nothing taken, where the tag has not come."""
        before, found, after = self._text.partition(tag)
        if not found:
            return None
        self._text = after
        return before

    def _first_taken(self, *tags: str) -> str | None:
        """The tag that comes first, taken with all before it; ``None``, and nothing taken, where none has come."""
        found = first_of(self._text, tags)
        if found is None:
            return None
        place, tag = found
        self._text = self._text[place + len(tag) :]
        return tag
