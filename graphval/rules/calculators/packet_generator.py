"""The graph uses a packet generator, and OVMS has none.

## What it does

Looks for `packet_generator` entries.

## Why it is bad

No packet generators are linked into OVMS, so every entry is refused when OVMS loads the graph: `Unable to find
PacketGenerator`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
packet_generator { packet_generator: "SomePacketGenerator" }  # error: [GV330]
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Use a calculator with an `output_side_packet` instead.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV330", "packet-generator", phase=Phase.LOAD, effect=Effect.REJECT, written=("packet_generator",))
def RULE(context: GraphContext) -> Iterator[Answer]:
    for block in context.graph.bound.messages("packet_generator"):
        yield Hit(
            block.place_of("packet_generator"),
            "OVMS has no packet generators",
            help="remove it; ConstantSidePacketCalculator can make side packets",
        )
