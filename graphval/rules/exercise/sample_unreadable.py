"""A sample is no request.

## What it does

A file in the samples of a graph, or named for it, cannot be read as one of the forms that samples have: it is no JSON,
an input lacks its shape, there are more or fewer values than the shape asks for, a picture fits no input.

## Why it is bad

The request that you took care to write is not sent, so nothing is known of how the graph answers it. Made-up requests
are sent instead where there is no other sample.

## How to fix

Mend the file at the place. `graphval request PATH` lists the requests of a graph and says what could not be read.

## Source

KServe open inference protocol, `ModelInferRequest`, as OVMS 2026.4 serves it (`src/kfs_frontend/`), and the form in
which its REST interface takes it (`src/rest_parser.cpp`).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase, Severity
from graphval.rules.mechanism import engine_rule

RULE = engine_rule(
    "GV834", "sample-unreadable", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.WRONG, severity=Severity.WARNING
)
