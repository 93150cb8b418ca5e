"""When a node executed by us fires: MediaPipe's input stream handlers for bridged nodes.

A stream knows its waiting packets and its *bound*: the lowest timestamp that may still come.
Source: ``mediapipe/framework/input_stream_handler.cc``, ``stream_handler/*_input_stream_handler.cc`` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, TypeAlias

Port: TypeAlias = tuple[str, int]

_LOWEST = -(1 << 63)


class StreamQueue:
    """What has arrived on one input."""

    __slots__ = ("bound", "packets")

    def __init__(self) -> None:
        self.packets: deque[tuple[int, Any]] = deque()
        self.bound = _LOWEST

    def arrive(self, timestamp: int, packet: Any | None) -> None:
        """A packet, or without one the news that none will come up to ``timestamp``."""
        if packet is not None:
            self.packets.append((timestamp, packet))
        self.bound = max(self.bound, timestamp + 1)

    @property
    def next_timestamp(self) -> int:
        return self.packets[0][0] if self.packets else self.bound


class InputPolicy:
    """The inputs of a node in sync sets; each set is settled by itself.

    One set with all inputs is the default handler, one set per input the immediate one.
    """

    def __init__(self, ports: Sequence[Port], sync_sets: Sequence[Sequence[Port]]) -> None:
        self.queues = {port: StreamQueue() for port in ports}
        self._sets = [[self.queues[port] for port in group] for group in sync_sets]

    def take(self) -> tuple[int, dict[Port, Any]] | None:
        """The packets of the next settled timestamp, or ``None`` if the node has to wait."""
        ready: tuple[int, list[StreamQueue]] | None = None
        for group in self._sets:
            timestamp = min(queue.next_timestamp for queue in group)
            settled = all(queue.next_timestamp > timestamp or queue.packets for queue in group)
            if settled and any(queue.packets for queue in group) and (ready is None or timestamp < ready[0]):
                ready = (timestamp, group)
        if ready is None:
            return None
        timestamp, group = ready
        packets: dict[Port, Any] = {}
        for port, queue in self.queues.items():
            if any(queue is member for member in group) and queue.packets and queue.packets[0][0] == timestamp:
                packets[port] = queue.packets.popleft()[1]
        return timestamp, packets
