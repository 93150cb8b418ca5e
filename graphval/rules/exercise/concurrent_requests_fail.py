"""The graph serves requests one by one, but not at once.

## What it does

The same request was sent several times at once. Sent alone it was answered; together with others it failed or was never
answered.

## Why it is bad

In production requests come together.

## How to fix

Look for what requests share: files, global variables of handlers, a model without enough inference requests.

## Source

OVMS `src/mediapipe_internal/graphqueue.cpp`, `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV828", "concurrent-requests-fail", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.REJECT)
