"""How old a verdict of an earlier run is, in words."""

from __future__ import annotations

import time
from collections.abc import Sequence

from graphval.findings import Cached

_UNITS = ((2 * 86400.0, 86400.0, "days"), (2 * 3600.0, 3600.0, "h"), (60.0, 60.0, "min"))


def cached_words(cached: Sequence[Cached]) -> str:
    """Like ``cached, judged 3 min ago``; of several the oldest counts."""
    ages = {ago(entry.age) for entry in cached}
    oldest = ago(max(entry.age for entry in cached))
    return f"cached, judged {oldest}" if len(ages) == 1 else f"cached, judged up to {oldest}"


def ago(seconds: float) -> str:
    """Like ``3 min ago``."""
    for least, unit, word in _UNITS:
        if seconds >= least:
            return f"{int(seconds // unit)} {word} ago"
    return f"{int(seconds)} s ago"


def moment(seconds: float) -> str:
    """A time since 1970 as ISO 8601 in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
