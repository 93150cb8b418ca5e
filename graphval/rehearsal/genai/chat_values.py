"""Fields of a request's JSON by the kinds that OVMS wants, with its objections.

Source: OVMS ``src/llm/apis/openai_api_handler.cpp`` (2026.4). All raise :class:`NodeError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphval.rehearsal.nodes.interface import NodeError

UINT32 = 1 << 32


def invalid(text: str) -> NodeError:
    """The objection of a node to its request."""
    return NodeError("INVALID_ARGUMENT", text)


def is_int(value: Any) -> bool:
    """Whether a JSON value is a whole number, which a boolean is not."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number, which a boolean is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def of_kind(document: Mapping[str, Any], name: str, kind: type, objection: str, default: Any = None) -> Any:
    """A field's value, which must be of that type if it is there and not null."""
    value = document.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise invalid(objection)
    return value


def number(document: Mapping[str, Any], name: str, low: float | None, high: float | None) -> float | None:
    """A field's value, a number within bounds that belong to it; ``None`` if it is missing or null."""
    value = document.get(name)
    if value is None:
        return None
    if not is_number(value):
        raise invalid(f"{name} is not a valid number")
    if low is not None and high is not None and not low <= value <= high:
        raise invalid(f"{name} out of range({low}, {high})")
    return float(value)


def positive(document: Mapping[str, Any], name: str) -> int | None:
    """A field's value, an integer from 1 on; ``None`` if it is missing or null."""
    value = document.get(name)
    if value is None:
        return None
    if not is_int(value) or not 0 <= value < UINT32:
        raise invalid(f"{name} is not an unsigned integer")
    if value == 0:
        raise invalid(f"{name} value should be greater than 0")
    return int(value)
