"""The packet that a generative endpoint puts into a graph: one HTTP request, its body already parsed.

Source: OVMS ``src/http_payload.hpp``, ``src/http_rest_api_handler.cpp`` (2026.4).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from graphval.rehearsal.json_nesting import MOST, nesting


class BodyError(Exception):
    """A body that is not what its content type says."""


@dataclass(frozen=True, slots=True)
class Multipart:
    """Fields and files of a ``multipart/form-data`` body, by name; a repeated field keeps its first value."""

    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpPayload:
    """``document`` is the JSON body, ``None`` where the body is something else. ``multipart`` likewise."""

    uri: str
    body: bytes
    document: Any = None
    multipart: Multipart | None = None


def read_json(body: bytes) -> Any:
    """The JSON document of a body. Raises :class:`BodyError`."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BodyError(str(error)) from error
    if nesting(document) > MOST:
        raise BodyError("JSON body exceeds maximum nesting depth")
    return document


def read_multipart(content_type: str, body: bytes) -> Multipart:
    """The parts of a form. Raises :class:`BodyError`."""
    if "boundary=" not in content_type:
        raise BodyError("Request of multipart type but failed to parse")
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise BodyError("Request of multipart type but failed to parse")
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        if part.get_filename() is not None:
            files.setdefault(name, content)
        else:
            fields.setdefault(name, content.decode("utf-8", "replace"))
    return Multipart(fields, files)
