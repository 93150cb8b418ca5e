"""The server refused to load the graph.

## What it does

The server's own log says why it did not load this graph: text it could not read, a calculator that does not accept
its connections or options, a node whose model or handler could not be prepared. The message is the server's.

## Why it is bad

Other graphs of the deployment are served; requests to this one fail with `Mediapipe is not loaded yet`, or with
`NOT_FOUND` where an exception ended its loading. With one graph on the command line the server does not start.

## How to fix

Read what the server said, in the finding's evidence; it names the node or the field.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4).
"""

from __future__ import annotations

from graphval.findings import Effect, Phase
from graphval.rules.mechanism import engine_rule

RULE = engine_rule("GV801", "graph-refused-by-server", doc=__doc__ or "", phase=Phase.LOAD, effect=Effect.REJECT)
