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
    string_or_comment = re.compile(r""" "(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+' | \#([^\n\0]*) """, re.VERBOSE)
    at = text.find("#")
    while at >= 0:
        # Neither strings nor comments are longer than a line, and most lines hold no comment.
        line, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        for match in string_or_comment.finditer(text, line, end if end >= 0 else len(text)):
            if match[1] is not None:
                yield Comment(match[1], match.start(), match.end())
        at = text.find("#", end) if end >= 0 else -1


__all__ = ["Comment", "comments_in"]
