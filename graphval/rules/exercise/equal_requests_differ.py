"""Two equal requests got different answers.

## What it does

The same request was sent twice and the outputs differ in values. State that a graph keeps between requests does
this, and so do random numbers.

## Why it is bad

What one client sends may change what another gets.

## How to fix

Look for random numbers, clocks, and state that one request leaves for the next.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV830", "equal-requests-differ", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.ADVICE, severity=Severity.INFO
)
