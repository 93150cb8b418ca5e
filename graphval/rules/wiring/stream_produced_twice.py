"""A stream has two producers.

## What it does

Looks for a stream name that two nodes write, or that a node writes although it is a graph input.

## Why it is bad

MediaPipe refuses the graph (`Output Stream "x" defined twice.`) when OVMS loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }  # error: [GV208]
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Rename one of the two streams, and read it under the new name.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import NAME_TWICE


@graph_rule("GV208", "stream-produced-twice", phase=Phase.LOAD, effect=Effect.REJECT, signs=(NAME_TWICE,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    for name, endpoints in context.wiring.producers.items():
        first, *others = endpoints
        for endpoint in others:
            if endpoint.node is None:
                continue  # two graph inputs of one name are GV206
            yield Hit(
                endpoint.connection.place,
                f'the stream "{name}" is produced twice',
                help="give one of the two another name",
                related=(
                    (
                        "a graph input" if first.node is None else f'also written by "{first.node.display}"',
                        first.connection.place,
                    ),
                ),
                node=endpoint.node,
            )
