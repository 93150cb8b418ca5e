"""What a REST route answers: one body, or events that follow each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    body: bytes = b""
    code: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Events:
    """Server-sent events. The first one is made before anything is sent, so that a refusal still has its status."""

    texts: Iterator[str]


Answer: TypeAlias = Reply | Events


def json_reply(document: Any, code: int = 200) -> Reply:
    """A reply that holds a JSON document."""
    return Reply(json.dumps(document).encode(), code)
