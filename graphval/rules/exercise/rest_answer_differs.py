"""The graph answers over gRPC, but not over REST, or otherwise there.

## What it does

A request that the graph answered over gRPC was sent again over REST, as JSON and with binary data. It was refused there,
or the answer has other outputs, types or shapes. As a mere remark: an output of a type that JSON does not carry (FP16,
BF16, types of your own), which REST clients get as binary data only.

## Why it is bad

Clients of the other interface get an error, though the graph is sound.

## How to fix

Read what REST said, in the finding. Values in JSON reach a node as they are written there, raw ones as bytes: a handler
or calculator that reads one form only should read both. A BYTES output must have a length before each of its elements.

## Source

OVMS `src/rest_parser.cpp`, `src/rest_utils.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV832",
    "rest-answer-differs",
    doc=__doc__ or "",
    phase=Phase.SERVE,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
)
