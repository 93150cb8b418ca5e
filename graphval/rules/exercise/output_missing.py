"""The graph answered without one of its outputs.

## What it does

A request succeeded, but an output stream of the graph had no packet. A graph pool answers so; without a pool the same
request fails.

## Why it is bad

A client that reads the output finds nothing there.

## How to fix

Let the node emit a packet for each request, or remove the output.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV823", "output-missing", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.WRONG, severity=Severity.WARNING
)
