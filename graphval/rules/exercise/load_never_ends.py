"""Loading the graph did not come to an end.

## What it does

The server was still loading this graph when the deadline passed. User code that waits in `initialize` does this, and
models that take longer to load than the deadline allows.

## Why it is bad

OVMS has no time limit of its own: the server never becomes ready.

## How to fix

Look for a model that takes long to compile, and for a node that waits for something that never comes.

## Source

OVMS `src/servablemanagermodule.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV804", "load-never-ends", doc=__doc__ or "", phase=Phase.LOAD, effect=Effect.REJECT)
