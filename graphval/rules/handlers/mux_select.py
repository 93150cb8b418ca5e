"""A constant SELECT of a mux names an input that does not exist.

## What it does

Follows a `ConstantSidePacketCalculator` through `SidePacketToStreamCalculator` (and calculators that hand packets on)
to the SELECT input of a `MuxCalculator`, and compares the number with the inputs.

## Why it is bad

MuxInputStreamHandler checks the number with a fatal check: the first request ends the whole server process.

## Bad

```pbtxt graph.pbtxt
input_stream: "OVTENSOR1:a"
input_stream: "OVTENSOR2:b"
output_stream: "OVTENSOR:out"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:choice"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { int_value: 2 } } }
}
node {
  calculator: "SidePacketToStreamCalculator"
  input_stream: "TICK:a"
  input_side_packet: "choice"
  output_stream: "AT_TICK:select"
}
node {
  calculator: "MuxCalculator"
  input_stream: "INPUT:0:a"
  input_stream: "INPUT:1:b"
  input_stream: "SELECT:select"  # error: [GV516]
  output_stream: "OUTPUT:out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Choose an input that the node has; they count from 0.

## Source

MediaPipe `mediapipe/framework/stream_handler/mux_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the real
server as SIGABRT.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.constants import constant_stream
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV516", "mux-select", phase=Phase.SERVE, effect=Effect.ABORT, calculators=("MuxCalculator",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    select = node.inputs.get("SELECT")
    if select is None:
        return
    chosen = constant_stream(context, select.name, "int_value")
    inputs = len(node.inputs.of("INPUT"))
    if chosen is not None and not 0 <= chosen.number < inputs:
        yield Hit(
            select.place,
            f"SELECT is always {chosen.number}, but there are {inputs} inputs",
            help=f"choose 0 to {inputs - 1}",
            related=(("the number comes from here", chosen.place),),
            node=node,
        )
