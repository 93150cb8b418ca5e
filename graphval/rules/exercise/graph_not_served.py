"""The server says it is ready, and does not serve the graph.

## What it does

After the first load procedure the server says that it is ready. Then `/v1/config` is asked for the state of every
servable: this graph is not listed there, or is listed as failed, though the log has no refusal of it, or no log can be
read, as of a server that was already there.

## Why it is bad

OVMS says that it is ready whatever became of single graphs. Whoever waits for `/v2/health/ready` alone sends requests
to a graph that is not there: they fail with `NOT_FOUND`, or with `Mediapipe is not loaded yet`.

## How to fix

Look into the server's log for the graph's name. A server that was already there may serve another configuration, or
has not read the changed one yet (`POST /v1/config/reload`). Let a deployment wait for
`/v2/models/NAME/ready` of each graph.

## Source

OVMS `src/http_rest_api_handler.cpp`, `src/mediapipe_internal/mediapipefactory.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV805", "graph-not-served", doc=__doc__ or "", phase=Phase.LOAD, effect=Effect.REJECT)
