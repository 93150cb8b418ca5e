"""A side packet has two producers.

## What it does

Looks for a side packet name that two nodes write.

## Why it is bad

MediaPipe refuses the graph (`Output Side Packet "x" defined twice.`) when OVMS loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:limit"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { int_value: 1 } } }
}
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:limit"  # error: [GV209]
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { int_value: 2 } } }
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Rename one of the two side packets, and read it under the new name.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule(
    "GV209", "side-packet-produced-twice", phase=Phase.LOAD, effect=Effect.REJECT, written=("output_side_packet",)
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    for name, (first, *others) in context.wiring.side_producers.items():
        for endpoint in others:
            yield Hit(
                endpoint.connection.place,
                f'the side packet "{name}" is produced twice',
                help="give each its own name, and name the right one where it is used",
                related=(("the first producer", first.connection.place),),
                node=endpoint.node,
            )
