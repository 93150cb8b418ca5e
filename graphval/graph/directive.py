"""The graph pool directive, a comment that OVMS reads: ``# OVMS_GRAPH_QUEUE_MAX_SIZE: AUTO``.

Source: OVMS ``src/mediapipe_internal/mediapipegraphdefinition.cpp`` (2026.4). Known from 2026.2, active from 2026.3.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from graphval.textproto import Place, Source

_WORD = "OVMS_GRAPH_QUEUE_MAX_SIZE"
_DIRECTIVE = re.compile(rf"^[ \t]*#[ \t]*{_WORD}[ \t]*:[ \t]*(?P<value>\S+)[ \t]*\r?$", re.MULTILINE)
_NUMBER = re.compile(r"(?P<sign>[+-]?)0*(?P<digits>[0-9]{1,10})")
_INT32 = range(-(2**31), 2**31)


class QueueDirective(NamedTuple):
    """``size`` is the number written, ``"AUTO"``, or ``None`` where OVMS cannot read the value."""

    value: str
    size: int | str | None
    place: Place

    @property
    def makes_pool(self) -> bool:
        """Whether OVMS builds a pool at load (graphs are then created and started at load, not at the request)."""
        return self.size == "AUTO" or (isinstance(self.size, int) and self.size > 0)


def read_directive(source: Source) -> QueueDirective | None:
    """The first directive of a file; later ones are ignored, as OVMS does."""
    match = _DIRECTIVE.search(source.text) if _WORD in source.text else None
    if match is None:
        return None
    value = match["value"]
    size: int | str | None = None
    if value == "AUTO":
        size = value
    elif (number := _NUMBER.fullmatch(value)) and int(number["sign"] + number["digits"]) in _INT32:
        size = int(number["sign"] + number["digits"])
    return QueueDirective(value, size, Place(source, match.start("value"), match.end("value")))
