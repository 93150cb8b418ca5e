"""The comments of a text, read when somebody asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator


class Comment:
    """``# …`` up to the line end; ``text`` without the ``#``."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end


def comments_in(text: str) -> Iterator[Comment]:
    """The comments of a text whose syntax is sound, in text order. What looks like one within a string is none."""
    if "#" not in text:
        return
    for match in re.finditer(r""" "(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+' | \#([^\n\0]*) """, text, re.VERBOSE):
        if match[1] is not None:
            yield Comment(match[1], match.start(), match.end())


__all__ = ["Comment", "comments_in"]
