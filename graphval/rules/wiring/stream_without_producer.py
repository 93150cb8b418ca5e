"""A node reads a stream that nobody produces.

## What it does

Looks for node inputs whose stream is neither a graph input nor the output of a node, also when the input is a back
edge.

## Why it is bad

MediaPipe refuses the graph when OVMS loads it: `Input Stream "x" … does not have a corresponding output stream.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "inn"  # error: [GV210]
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Read a stream that a node or the graph's input produces; mostly a name is misspelt on one of the two sides.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import UNMADE_STREAM
from graphval.rules.wiring.suggestion import meant_stream


@graph_rule("GV210", "stream-without-producer", phase=Phase.LOAD, effect=Effect.REJECT, signs=(UNMADE_STREAM,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    wiring, inputs = context.wiring, list(context.graph.inputs)
    if not inputs:
        return  # what is not produced is the input that GV201 misses
    for name, endpoints in wiring.consumers.items():
        if wiring.producers.get(name):
            continue
        for endpoint in endpoints:
            if endpoint.node is None or not endpoint.connection.valid:
                continue
            near = meant_stream(context, name)
            if near and near.strip().lower() == name and not wiring.producers[near][0].connection.valid:
                continue  # it is produced under a name that another rule refuses
            yield Hit(
                endpoint.connection.place,
                f'nobody produces the stream "{name}"',
                help=f'did you mean "{near}"?' if near else "make it a graph input or the output of a node",
                related=(
                    (f'"{near}" is produced here', wiring.producers[near][0].connection.place)
                    if near
                    else ("the graph's inputs are declared up to here", inputs[-1].place),
                ),
                node=endpoint.node,
            )
