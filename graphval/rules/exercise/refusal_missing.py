"""The server answered a request that OVMS refuses before any node sees it.

## What it does

A request that OVMS refuses by itself (an input that the graph does not have, fewer bytes than the shape says, a message to
another graph within a stream, JSON that is cut off) was answered.

## Why it is bad

Either something in front of OVMS answers or mends requests, or the server is none of OVMS's, or its checks were switched
off. What else was shown then holds for that server only.

## How to fix

See what listens at the address. If it is meant to be so, ignore this remark.

## Source

OVMS `src/kfs_frontend/kfs_graph_executor_impl.cpp`, `src/rest_parser.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV833", "refusal-missing", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.ADVICE, severity=Severity.INFO
)
