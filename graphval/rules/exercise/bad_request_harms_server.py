"""A request that should be refused ended the server or was never answered.

## What it does

The graph got a request that no client should send: without an input, with a wrong type, with too few bytes. Instead of a
refusal the server process ended, or no answer came within the deadline.

## Why it is bad

Whoever may send requests to this graph can stop the server with all its models.

## How to fix

Read the server's last words, in the finding's evidence, and check the request in the graph before it is used.

## Source

OVMS `src/kfs_frontend/kfs_graph_executor_impl.cpp`, MediaPipe `framework/packet.h` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV826",
    "bad-request-harms-server",
    doc=__doc__ or "",
    phase=Phase.SERVE,
    effect=Effect.ABORT,
    severity=Severity.WARNING,
)
