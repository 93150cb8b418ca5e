"""Which stream was meant by a name that nobody produces."""

from __future__ import annotations

from graphval.rules.context import GraphContext
from graphval.rules.nearest import MOST_KNOWN, nearest


def meant_stream(context: GraphContext, name: str) -> str | None:
    """A stream that is produced and that nobody reads, if its name is alike; else any produced one that is very alike."""
    wiring = context.wiring
    if len(wiring.producers) > MOST_KNOWN:
        return None
    unread = [stream for stream in wiring.producers if not wiring.consumers.get(stream)]
    return nearest(name, unread, 0.6) or nearest(name, wiring.producers)


def meant_side_packet(context: GraphContext, name: str) -> str | None:
    """The same for side packets, those that OVMS supplies included."""
    wiring = context.wiring
    if len(wiring.side_producers) > MOST_KNOWN:
        return None
    unread = [packet for packet in wiring.side_producers if not wiring.side_consumers.get(packet)]
    return nearest(name, unread, 0.6) or nearest(name, {*wiring.side_producers, *context.catalog.side_packets_provided})
