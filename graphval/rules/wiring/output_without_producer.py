"""A graph output is a stream that nobody produces.

## What it does

Looks for graph outputs whose stream is neither written by a node nor a graph input.

## Why it is bad

The graph loads and is AVAILABLE, since MediaPipe does not look at graph outputs then; every request fails when the
output is attached. With a graph pool the server process dies at start.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "result"  # error: [GV211]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Source

MediaPipe `mediapipe/framework/calculator_graph.cc` (fork of OVMS 2026.4); with a pool the real server ends at load
with `std::bad_function_call`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.wiring.suggestion import meant_stream


@graph_rule("GV211", "output-without-producer", phase=Phase.CREATE, effect=Effect.REJECT, start_run=True)
def RULE(context: GraphContext) -> Iterator[Answer]:
    producers = context.wiring.producers
    for connection in context.graph.outputs:
        if not connection.valid or producers.get(connection.name):
            continue
        near = meant_stream(context, connection.name)
        yield Hit(
            connection.place,
            f'nobody produces the graph output "{connection.name}"',
            help=f'did you mean "{near}"?' if near else "let a node write it, or remove the line",
            related=((f'"{near}" is produced here', producers[near][0].connection.place),) if near else (),
            effect=Effect.ABORT if context.pooled else None,
        )
