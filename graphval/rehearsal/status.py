"""A status of the server: its name in OVMS, its text, and what becomes of it on the wire.

Source: OVMS ``src/status.cpp``, ``src/grpc_utils.cpp`` (2026.4); the codes come from the catalog.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphval.catalog.server_texts import statuses


@dataclass(frozen=True, slots=True)
class Status:
    """``name`` is OVMS's status code, ``details`` what is attached to its fixed message."""

    name: str
    details: str = ""

    @property
    def ok(self) -> bool:
        return self.name == "OK"

    @property
    def text(self) -> str:
        """Message, then `` - `` and the details: what REST shows and the log prints."""
        message = statuses()[self.name].message
        return f"{message} - {self.details}" if self.details else message

    @property
    def grpc(self) -> tuple[int, str]:
        """Code number and text on gRPC; a code OVMS does not map loses its text there."""
        entry = statuses()[self.name]
        return (entry.grpc_code, self.text) if entry.grpc_mapped else (2, "Unknown error")

    @property
    def http(self) -> int:
        return statuses()[self.name].http


OK = Status("OK")


class Refused(Exception):
    """A load or request ends here with a status."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.text)
        self.status = status


class Escaped(Exception):
    """A C++ exception left a node initialiser: OVMS does not enter the graph and skips all later ones of the list."""


class NotExercised(Exception):
    """The rehearsal has no faithful counterpart for what comes next; the text says for what."""


def refuse(name: str, details: str = "") -> Refused:
    """A refusal with one of OVMS's statuses, to be raised."""
    return Refused(Status(name, details))
