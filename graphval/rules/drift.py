"""What to do about a name that another release of OVMS has: the advice of the catalog's list of changes."""

from __future__ import annotations

import re

from graphval.catalog import Catalog, releases
from graphval.textproto import Problem

_NAMED = (
    ("unknown-field", r'Message type "(?:mediapipe\.)?(?P<owner>[\w.]+)" has no field named "(?P<name>\w+)"'),
    ("unknown-type", r'Could not find type "type\.googleapis\.com/(?:mediapipe\.)?(?P<owner>[\w.]+)" stored'),
    ("unknown-enum-value", r'Unknown enumeration value of "(?P<value>\w+)" for field "(?P<name>\w+)"'),
)
"""How protobuf's own words for a problem name what is not there; compiled by those who meet one."""
_WITH_NEW_VALUES = ("EmbeddingsCalculatorOVOptions.pooling", "LLMCalculatorOptions.pipeline_type")
"""The enum fields whose values are not the same in all releases (`releases` of the catalog's facts)."""


def advice_on_change(subject: str, catalog: Catalog, *, area: str | None = None, detail: str = "") -> str:
    """What to do about ``subject``, which this release does not have: it was removed before, or comes later. Empty where
    no change is known; ``detail`` narrows the changes."""
    order = {release: number for number, release in enumerate(releases())}
    now = order[catalog.version]
    for drift in reversed(catalog.drift(subject, area)):
        at = order.get(drift.release, now)
        gone = drift.kind == "removed" and at <= now
        to_come = drift.kind in ("added", "enum value added") and at > now
        if (gone or to_come) and (not detail or drift.detail == detail):
            return drift.advice
    return ""


def advice_on_problem(problem: Problem, catalog: Catalog) -> str:
    """What to do about an unknown field, type or enum value that another release has; empty for all others."""
    for kind, pattern in _NAMED:
        match = re.search(pattern, problem.protobuf) if problem.kind == kind else None
        if match is None:
            continue
        found = match.groupdict()
        if "value" in found:
            return _on_value(found["value"], found["name"], catalog)
        subject = f"{found['owner']}.{found['name']}" if "name" in found else found["owner"]
        return advice_on_change(subject, catalog)
    return ""


def _on_value(value: str, field: str, catalog: Catalog) -> str:
    """Of an enum value protobuf's words do not name the message; fields whose values changed are few."""
    for owner in _WITH_NEW_VALUES:
        if owner.endswith(f".{field}"):
            return advice_on_change(owner, catalog, detail=value)
    return ""
