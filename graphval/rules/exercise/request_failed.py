"""The graph was created, and failed on a request.

## What it does

A request shaped from the graph's wiring and its models, or a sample of the user's own, was refused or failed in a
node. A refusal that may only be about made-up values is no finding; it is listed as not exercised.

## Why it is bad

Requests like this one fail in production.

## How to fix

Read what the server said, in the finding's evidence. If only the made-up request is at fault, give a sample of a real
one.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp`, `src/kfs_frontend/kfs_graph_executor_impl.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV820", "request-failed", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.REJECT)
