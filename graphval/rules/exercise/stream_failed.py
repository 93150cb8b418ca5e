"""The graph serves single requests, but fails on a stream of them.

## What it does

The same request was sent twice on one gRPC stream (`ModelStreamInfer`), where one graph lives as long as the stream. The
stream was broken off, answered with an error, or never ended.

## Why it is bad

A client that streams gets errors, though single requests work.

## How to fix

Look for state that one packet leaves for the next, and for timestamps that do not grow.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV827", "stream-failed", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.REJECT, severity=Severity.WARNING
)
