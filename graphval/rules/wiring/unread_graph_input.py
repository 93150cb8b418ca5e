"""No node reads a graph input.

## What it does

Looks for graph inputs that are neither read by a node nor a graph output.

## Why it is bad

It is legal, but every client still has to send it: a unary request must carry all graph inputs.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
input_stream: "debug"  # warning: [GV216]
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Source

MediaPipe graph rule 42 and OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4): `Not all input packets
created`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV216", "unread-graph-input", phase=Phase.SERVE, effect=Effect.ADVICE, severity=Severity.WARNING)
def RULE(context: GraphContext) -> Iterator[Answer]:
    for connection in context.graph.inputs:
        if connection.valid and not context.wiring.consumers.get(connection.name):
            yield Hit(
                connection.place,
                f'no node reads the graph input "{connection.name}", yet every request must send it',
                help="remove it, or connect it",
            )
