"""Streams of packets that Python cannot make, fed by our nodes.

For each of them the framework's graph has inputs that Python can feed, and calculators of the wheel that turn what
comes in there into the packets.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

Push: TypeAlias = tuple[str, Any, int]
"""Graph input, packet, timestamp."""


class Feeder(Protocol):
    """An entry during one run."""

    def pushes(self, value: Any, timestamp: int) -> list[Push]:
        """What to push, in this order, to make a packet of ``value`` on the entry's stream."""
        ...


class Entry(Protocol):
    """One such stream. ``parts`` are the graph inputs that stand for it."""

    @property
    def parts(self) -> tuple[str, ...]: ...

    def feeder(self) -> Feeder: ...
