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

## How to fix

Let a node produce the stream, or name one that is produced.

## Source

MediaPipe `mediapipe/framework/calculator_graph.cc` (fork of OVMS 2026.4); with a pool the real server ends at load
with `std::bad_function_call`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import UNMADE_STREAM
from graphval.rules.wiring.suggestion import meant_stream
from graphval.textproto import Place

_SHOWN = 3


@graph_rule(
    "GV211", "output-without-producer", phase=Phase.CREATE, effect=Effect.REJECT, start_run=True, signs=(UNMADE_STREAM,)
)
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
            related=_written(context, near),
            effect=Effect.ABORT if context.pooled else None,
        )


def _written(context: GraphContext, near: str | None) -> tuple[tuple[str, Place], ...]:
    """What is written instead: the stream that was meant, else those that nobody reads."""
    wiring, graph = context.wiring, context.graph
    if near is not None:
        return ((f'"{near}" is produced here', wiring.producers[near][0].connection.place),)
    if not graph.nodes:
        end = len(graph.source.text)
        return (("the graph ends without a node", Place(graph.source, end, end)),)
    unread = [
        (name, endpoints[0])
        for name, endpoints in wiring.producers.items()
        if name and endpoints[0].node is not None and not wiring.consumers.get(name)
    ]
    return tuple((f'nobody reads "{name}"', endpoint.connection.place) for name, endpoint in unread[:_SHOWN])
