"""The server ended before it had loaded anything.

## What it does

The process ended with an exit code of its own before the first load procedure was over, and no single graph is the
reason: a config.json it refuses, a setting it does not take.

## Why it is bad

Nothing of the deployment is served.

## How to fix

Read what the server said, in the finding's evidence; mostly a flag, a port or the config.json is at fault.

## Source

OVMS `src/server.cpp`, `src/modelmanager.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV802", "server-did-not-start", doc=__doc__ or "", phase=Phase.LOAD, effect=Effect.REJECT)
