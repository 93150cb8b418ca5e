"""A request at the edge of what the graph should take failed.

## What it does

The graph answered an ordinary request. One with the same inputs at an edge of what its models declare failed in a node: all
zeros, not-a-number, a second batch where the batch is dynamic, a picture of odd size. A refusal with a clear status that
names the input is no finding.

## Why it is bad

A client that sends such a request gets an error that a declared shape or type does not let it expect.

## How to fix

Read what the server said, in the finding's evidence, and let the graph take the request or refuse it cleanly.

## Source

OVMS `src/kfs_frontend/kfs_graph_executor_impl.cpp`, `mediapipe/calculators/ovms/openvinoinferencecalculator.cc` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV824",
    "boundary-request-failed",
    doc=__doc__ or "",
    phase=Phase.SERVE,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
)
