"""The phases in the life of a throw-away server, and how long each may take unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ServerPhase(StrEnum):
    """In their order. ``PULL``: an image is fetched; ``CREATE``: the container is made; ``LISTEN``: until its ports
    are open; ``LOAD``: until its first load procedure has ended; ``PROBE``: one request; ``STOP``: its end."""

    PULL = "pull"
    CREATE = "create"
    LISTEN = "listen"
    LOAD = "load"
    PROBE = "probe"
    STOP = "stop"


USUAL: Mapping[ServerPhase, float] = {
    ServerPhase.PULL: 1800.0,
    ServerPhase.CREATE: 60.0,
    ServerPhase.LISTEN: 60.0,
    ServerPhase.LOAD: 120.0,
    ServerPhase.PROBE: 30.0,
    ServerPhase.STOP: 15.0,
}
"""Seconds. OVMS has none of its own."""

SHORTEST, LONGEST = 0.1, 86400.0


def wrong_deadline(seconds: float) -> str:
    """What is wrong with a deadline; empty where nothing is."""
    if SHORTEST <= seconds <= LONGEST:
        return ""
    return f"a deadline is a number of seconds from {SHORTEST:g} to {LONGEST:g}, not {seconds:g}"
