"""After a request that was rightly refused, the graph answers no more.

## What it does

The graph answered a valid request. Then it got requests that must be refused: without an input, with a wrong type, with
too few bytes. The valid request, sent again, fails.

## Why it is bad

One client with a mistake stops the graph for all others until the server is started anew.

## How to fix

Look for state that a refused request leaves behind, in a calculator or in a graph of the pool.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp`, `graphqueue.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV825", "refusal-leaves-damage", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.WRONG)
