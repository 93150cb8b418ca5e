"""A node does not name the side packet that its calculator produces.

## What it does

Compares the output side packets of a node with the contract of its calculator.

## Why it is bad

MediaPipe does not check output side packets when it loads a graph. When the node opens, the calculator looks for its
tag and the whole server process ends: `Failed to get tag "X" index 0`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "StringToIntCalculator"
  input_side_packet: "text"  # warning: [GV212]
  output_side_packet: "NUMBER:n"  # error: [GV307]
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:text"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { string_value: "7" } } }
}
node { calculator: "StringToIntCalculator" input_side_packet: "text" output_side_packet: "n" }
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Add the `output_side_packet` with its tag.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.calculators.ports import missing_ports, port_of, written
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

_CHECKED_AT_LOAD = frozenset({"DefaultSidePacketCalculator"})


@node_rule("GV307", "output-side-packet", phase=Phase.CREATE, effect=Effect.ABORT, start_run=True, options_apart=True)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    contract = context.contract(node)
    if contract is None or not contract.output_side_packets.required or contract.kind == "subgraph":
        return
    if not node.output_side_packets.sound:
        return
    for port, index in missing_ports(contract.output_side_packets, node.output_side_packets):
        stray = next((c for c in node.output_side_packets if port_of(contract.output_side_packets, c) is None), None)
        # One that the calculator does not know has no type, and fits no reader.
        read = stray is not None and stray.name in context.wiring.side_consumers
        early = read or node.registered_as in _CHECKED_AT_LOAD
        yield Hit(
            stray.place if stray is not None else node.calculator_place,
            f"{node.calculator} needs the output side packet {port.tag or 'without tag'}",
            help=f"write output_side_packet: {written(port.tag, index)}",
            node=node,
            phase=Phase.LOAD if early else None,
            effect=Effect.REJECT if early else None,
        )
