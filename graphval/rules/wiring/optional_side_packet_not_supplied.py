"""A node names an optional side packet that nobody supplies.

## What it does

Looks for side packets that a calculator can do without, even where the node names them, and that no node, no request
parameter and not OVMS supplies. Most calculators cannot: what they may leave out they need once it is named (GV212).

## Why it is bad

MediaPipe says nothing: the calculator behaves as if the line were not there. A gate stays shut, a decoder of
detections finds no anchors and fails on every request.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "DefaultSidePacketCalculator"
  input_side_packet: "DEFAULT_VALUE:fallback"
  input_side_packet: "OPTIONAL_VALUE:wanted"  # warning: [GV218]
  output_side_packet: "VALUE:value"
}
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:fallback"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { float_value: 1 } } }
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

Supply the side packet, or remove the line and let the calculator work without.

## Source

MediaPipe `mediapipe/framework/calculator_graph.cc` and the contracts in `mediapipe/calculators/` (fork of OVMS
2026.4); seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.calculators.ports import port_of
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.nearest import nearest
from graphval.rules.packet_types import OF_PARAMETERS, Kind, declared_type
from graphval.rules.signs import UNMADE_SIDE_PACKET
from graphval.rules.wiring.parameters import not_a_parameter, why_not_carried

_FAILS_WITHOUT = {
    ("InferenceCalculator", "MODEL"): Phase.CREATE,
    ("InferenceCalculatorCpu", "MODEL"): Phase.CREATE,
    ("TensorsToDetectionsCalculator", "ANCHORS"): Phase.SERVE,
    ("OpenVINOTensorsToDetectionsCalculator", "ANCHORS"): Phase.SERVE,
}
"""What is needed whenever somebody means to give it, and when that shows: decoders ask for anchors, and a node with MODEL
has no model of its own."""
_HANDS_ON = "InferenceCalculator"
"""A subgraph of one node, which gets all that it is connected to."""


@graph_rule(
    "GV218",
    "optional-side-packet-not-supplied",
    phase=Phase.SERVE,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    signs=(UNMADE_SIDE_PACKET,),
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    wiring, supplied = context.wiring, context.catalog.side_packets_provided
    refused = why_not_carried(context)
    declared = {connection.name for connection in context.graph.input_side_packets}
    for node in context.graph:
        contract = context.contract(node)
        if contract is None or (contract.kind == "subgraph" and contract.name != _HANDS_ON):
            continue
        for connection in node.input_side_packets:
            port = port_of(contract.input_side_packets, connection)
            if port is None or not port.may_be_empty:
                continue
            if wiring.side_producers.get(connection.name) or connection.name in supplied:
                continue
            typed = declared_type(port, node, contract, connection)
            carried = typed.kind is not Kind.TYPES or bool(typed.names & OF_PARAMETERS)
            if connection.name in declared and carried and not refused:
                continue
            fails = _FAILS_WITHOUT.get((contract.name, connection.tag))
            near = nearest(connection.name, wiring.side_producers)
            yield Hit(
                connection.place,
                f'nobody supplies the side packet "{connection.name}"'
                + (refused if carried else not_a_parameter(" or ".join(sorted(typed.names)))),
                help=f'did you mean "{near}"?'
                if near
                else "produce it, or declare it as input_side_packet of the graph"
                if carried and not refused
                else "let a node of this graph produce it",
                label="every request fails without it" if fails else "",
                related=((f'"{near}" is produced here', wiring.side_producers[near][0].connection.place),)
                if near
                else (),
                phase=fails,
                severity=Severity.ERROR if fails else None,
                effect=Effect.REJECT if fails else None,
                node=node,
            )
