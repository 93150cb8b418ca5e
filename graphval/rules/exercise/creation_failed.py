"""The graph loads, and cannot be created.

## What it does

OVMS creates a graph anew for each request: calculators are opened, handlers are built, side packets are bound only
then. A request showed that one of these steps fails.

## Why it is bad

The graph is AVAILABLE and every request to it fails.

## How to fix

Read what the server said, in the finding's evidence; it names the calculator that did not open.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV810", "graph-creation-failed", doc=__doc__ or "", phase=Phase.CREATE, effect=Effect.REJECT)
