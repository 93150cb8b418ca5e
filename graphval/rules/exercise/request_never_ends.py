"""A request to the graph was not answered.

## What it does

A request was not answered within the deadline. A loop whose packets wait for each other does this, and a node that
may run a negative number of times at once.

## Why it is bad

OVMS has no time limit of its own: the client waits for ever and a thread of the server is lost with each request.

## How to fix

Look for a loop that waits for its own result, and for a stream that a node waits for and nobody feeds.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4); seen on the real server.
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV822", "request-never-ends", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.REJECT)
