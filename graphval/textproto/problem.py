"""What reading a text can go wrong with."""

from __future__ import annotations

from typing import NamedTuple

MAX_PROBLEMS = 100
"""After so many a text is rubbish, and listing more helps nobody."""


class TooMuch(Exception):
    """A cap was hit: what has been read so far is the answer. Stays inside this folder."""


class Fix(NamedTuple):
    """Replace ``start`` up to ``end`` (offsets) by ``text``.

    ``certain``: nothing else can have been meant, so that it may be applied unasked; else it is a suggestion.
    """

    start: int
    end: int
    text: str
    certain: bool = True


class Problem(NamedTuple):
    """One mistake in a text, by offsets.

    ``kind`` is a stable word such as ``unknown-field``; whoever reports it gives it a code. ``message`` follows the
    house style (lower-case, no full stop), ``help`` says what to do, ``protobuf`` is the text protobuf's own C++
    parser would log for it where that is known.
    """

    kind: str
    message: str
    start: int
    end: int
    help: str = ""
    fix: Fix | None = None
    protobuf: str = ""
    related: tuple[tuple[str, int, int], ...] = ()
    """Further places that help: what is to be seen there, start, end."""
