"""A node names an output side packet that its calculator never sets, and another node reads it.

## What it does

Compares the output side packets of a node with the contract of its calculator, and looks for readers of those that the
contract does not know. Readers that take a certain type are another finding (GV241); this one is about readers that
take anything.

## Why it is bad

MediaPipe does not mind the name itself, but a side packet that its calculator never mentions has no type, and one
without a type fits no reader, not even one that takes any type. The graph is refused at load.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:one"
  output_side_packet: "OTHER:limit"  # error: [GV308]
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { int_value: 1 } } }
}
node {
  calculator: "SidePacketToStreamCalculator"
  input_stream: "TICK:in"
  input_side_packet: "limit"
  output_stream: "AT_TICK:made"
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

Let another node set the side packet, or remove the node that waits for it.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` and `packet_type.cc` (fork of OVMS 2026.4): an undefined type is
consistent with none; tried on the framework.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import is_container
from graphval.rules.calculators.ports import missing_ports
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.nearest import nearest


@graph_rule("GV308", "side-packet-never-set", phase=Phase.LOAD, effect=Effect.REJECT, written=("output_side_packet",))
def RULE(context: GraphContext) -> Iterator[Answer]:
    mismatched = {m.producer.connection.place for m in context.flow.mismatches if m.side}
    for node in context.graph:
        if not node.output_side_packets or not node.output_side_packets.sound or node.position in context.unsure:
            continue
        contract = context.contract(node)
        if contract is None or (contract.kind == "subgraph" and not is_container(node)):
            continue
        ports = contract.output_side_packets
        if any(True for _ in missing_ports(ports, node.output_side_packets)):
            continue  # the calculator then dies when it opens
        for connection in node.output_side_packets:
            readers = context.wiring.side_consumers.get(connection.name)
            if not readers or connection.place in mismatched or not context.flow.never_typed(node, connection):
                continue
            near = nearest(connection.tag, [port.tag for port in ports if port.tag != connection.tag])
            yield Hit(
                connection.place,
                f'{node.calculator} never sets the side packet "{connection.name}"',
                help=f'did you mean "{near}:{connection.name}"?' if near else "remove it, or let another node make it",
                related=tuple(("read here", reader.connection.place) for reader in readers[:1]),
                node=node,
            )
