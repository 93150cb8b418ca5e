"""A request to the graph ended the whole server process.

## What it does

The process ended by a signal while the graph processed packets or its response was written.

## Why it is bad

One request to this graph takes every other graph and model down with it.

## How to fix

Read the server's last words, in the finding's evidence, and change the node they name.

## Source

OVMS `src/kfs_frontend/kfs_graph_executor_impl.cpp` (2026.4), for one; seen on the real server.
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV821", "server-died-at-request", doc=__doc__ or "", phase=Phase.SERVE, effect=Effect.ABORT)
