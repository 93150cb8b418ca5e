"""All codes there are, without importing a rule."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

RELEASES = Path(__file__).parent / "releases.json"
"""What each rule says to its own bad example under each release that there is a catalog for; written by
``tools/make_rule_pages.py``. Every rule stands in it."""


@cache
def all_codes() -> frozenset[str]:
    """The code of every rule."""
    return frozenset(json.loads(RELEASES.read_text(encoding="utf-8"))["rules"])
