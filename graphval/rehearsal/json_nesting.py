"""How deep a JSON document goes; OVMS takes a hundred levels.

Source: OVMS ``src/rest_parser.cpp`` (2026.4).
"""

from __future__ import annotations

from typing import Any

MOST = 100


def nesting(document: Any) -> int:
    """How deep lists and objects lie in each other."""
    deepest, waiting = 0, [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(element, depth + 1) for element in inner]
    return deepest
