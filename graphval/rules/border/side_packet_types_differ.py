"""A side packet has another type than its reader takes.

## What it does

Compares the type of each side packet that a node produces with what its readers accept.

## Why it is bad

MediaPipe refuses the graph when OVMS loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:limit"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { float_value: 1 } } }
}
node {
  calculator: "GateCalculator"
  input_stream: "in"
  output_stream: "out"
  input_side_packet: "ALLOW:limit"  # error: [GV241]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:limit"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { bool_value: true } } }
}
node { calculator: "GateCalculator" input_stream: "in" output_stream: "out" input_side_packet: "ALLOW:limit" }
```

## How to fix

Supply the side packet in the type that its reader takes, or connect another one.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.border.apart_inside import apart_inside
from graphval.rules.calculators.ports import missing_ports
from graphval.rules.context import GraphContext
from graphval.rules.flow import UNTYPED
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV241", "side-packet-types-differ", phase=Phase.LOAD, effect=Effect.REJECT, written=("input_side_packet",))
def RULE(context: GraphContext) -> Iterator[Answer]:
    for mismatch in context.flow.mismatches:
        if not mismatch.side:
            continue
        if mismatch.held is not None:
            yield apart_inside(mismatch, mismatch.held)
            continue
        reader, writer = mismatch.consumer, mismatch.producer
        if mismatch.produced == UNTYPED and writer.node is not None and _lacks_its_own(writer.node, context):
            continue  # the writer is told
        yield Hit(
            reader.connection.place,
            f'the side packet "{reader.connection.name}" is {mismatch.produced}, but this node takes {mismatch.wanted}',
            help="produce it with the type that is needed",
            related=(("produced here", writer.connection.place),),
            node=reader.node,
        )


def _lacks_its_own(node: Node, context: GraphContext) -> bool:
    """Whether a side packet that the node makes is not connected, as where it is written under another tag."""
    contract = context.contract(node)
    return contract is not None and any(missing_ports(contract.output_side_packets, node.output_side_packets))
