"""Creating the graph did not come to an end.

## What it does

A request that only creates the graph was not answered within the deadline.

## Why it is bad

OVMS has no time limit of its own: the client waits for ever and a thread of the server is lost with each request.

## How to fix

Look for a calculator that waits in `Open`, and for a model that takes long to compile.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV812", "creation-never-ends", doc=__doc__ or "", phase=Phase.CREATE, effect=Effect.REJECT)
