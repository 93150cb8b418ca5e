"""What OVMS says: statuses with their codes and texts, and the signatures of its log lines.

Source: OVMS `src/status.cpp`, `src/grpc_utils.cpp`, `src/http_server.cpp` and the log calls of 2026.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from graphval.catalog.records import records


@dataclass(frozen=True, slots=True)
class Status:
    """An OVMS status. ``wire`` is the text on gRPC: unmapped statuses lose theirs (``Unknown error``)."""

    name: str
    message: str
    grpc: str
    grpc_code: int
    grpc_mapped: bool
    http: int
    wire: str

    def text(self, details: str = "") -> str:
        """The status string: fixed message, then the details."""
        return f"{self.message} - {details}" if details else self.message


@dataclass(frozen=True, slots=True)
class Signature:
    """How a log line is recognised. ``applies_to``: ``msg`` (anchored, OVMS's own lines) or ``raw`` (search)."""

    id: str
    kind: str
    phase: str
    level: str
    stream: str
    regex: str
    applies_to: str


@dataclass(frozen=True, slots=True)
class LogFormat:
    """The form of a log line of one writer."""

    id: str
    stream: str
    regex: str


@cache
def statuses() -> Mapping[str, Status]:
    """All statuses by name."""
    return {
        name: Status(
            name,
            entry["message"],
            entry["grpc"],
            entry["grpc_code"],
            entry["grpc_mapped"],
            entry["http"],
            entry.get("grpc_message_on_wire") or entry["message"],
        )
        for name, entry in records("statuses.txt").items()
    }


@cache
def log_signatures() -> tuple[Signature, ...]:
    """The lines of a log that mean something, as the catalog has them."""
    return tuple(
        Signature(
            entry["id"],
            entry["class"],
            entry["phase"],
            entry.get("level") or "",
            entry["stream"],
            entry["regex"],
            entry["applies_to"],
        )
        for entry in records("log_signatures.txt").values()
    )


@cache
def log_formats() -> tuple[LogFormat, ...]:
    """The forms that the lines of a log have, one for each writer."""
    return tuple(LogFormat(e["id"], e["stream"], e["regex"]) for e in records("log_formats.txt").values())
