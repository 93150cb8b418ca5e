"""The graph works with its pool, but not without one.

## What it does

The graph asks for a pool (`# OVMS_GRAPH_QUEUE_MAX_SIZE`) and serves requests with it. On a server that has pools switched
off (`OVMS_GRAPH_QUEUE_OFF=1`) it fails.

## Why it is bad

The pool hides a mistake: an output that has no packet is left out of a pooled answer, and fails the request without a pool.
Releases before 2026.3 and servers with the switch show it.

## How to fix

Look for state that one request leaves for the next, which a graph of the pool keeps.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp`, `mediapipegraphexecutor.hpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV831",
    "fails-in-other-pool-mode",
    doc=__doc__ or "",
    phase=Phase.SERVE,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
)
