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

## How to fix

Remove the input, or let a node read it.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp` (2026.4): `Not all input packets created`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import GraphContext
from graphval.rules.graph_border import HTTP_INPUT
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import UNREAD_STREAM
from graphval.rules.wiring.suggestion import meant_stream

_LOOKED_UP = 100
"""Streams that nobody produces: of more of them the error is not listed."""


@graph_rule(
    "GV216",
    "unread-graph-input",
    phase=Phase.SERVE,
    effect=Effect.ADVICE,
    severity=Severity.WARNING,
    signs=(UNREAD_STREAM,),
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    wiring = context.wiring
    unread = [c for c in context.graph.inputs if c.valid and not wiring.consumers.get(c.name)]
    if not unread:
        return
    if context.border.speaks_http and any(connection.name == HTTP_INPUT for connection in context.graph.inputs):
        return  # /v3 requests carry the input of that name alone: any other is an error of its own
    # Whoever reads a stream that nobody produces may have meant this one; the error there says so.
    unmade = (stream for stream in wiring.consumers if not wiring.producers.get(stream))
    meant = {meant_stream(context, stream) for stream in islice(unmade, _LOOKED_UP)}
    for connection in unread:
        if connection.name not in meant:
            yield Hit(
                connection.place,
                f'no node reads the graph input "{connection.name}", yet every request must send it',
                help="remove it, or connect it",
            )
