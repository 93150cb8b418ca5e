"""A sample was answered with other values than it says.

## What it does

A request sample names the outputs it expects, with a tolerance. The answer has other values, another shape or type, or
lacks an output.

## Why it is bad

The graph runs and does not do what it should.

## How to fix

Correct the graph or its model, or the values in the sample.

## Source

KServe open inference protocol, `ModelInferResponse`, as OVMS 2026.4 serves it (`src/kfs_frontend/`).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV829", "unexpected-answer", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.WRONG)
