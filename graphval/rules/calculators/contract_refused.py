"""A calculator's own contract check refuses the node.

## What it does

Makes the checks that calculators make of their connections and options when the graph is loaded: one of several tags,
equally many inputs and outputs, options in range.

## Why it is bad

OVMS refuses the graph when it loads it, mostly with a `RET_CHECK failure` that names a source line of the calculator.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PacketPresenceCalculator" input_stream: "PACKET:in" output_stream: "PRESENCE:allow" }
node {
  calculator: "GateCalculator"
  input_stream: "in"
  input_stream: "ALLOW:allow"
  input_stream: "DISALLOW:allow"  # error: [GV310]
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PacketPresenceCalculator" input_stream: "PACKET:in" output_stream: "PRESENCE:allow" }
node {
  calculator: "GateCalculator"
  input_stream: "in"
  input_stream: "ALLOW:allow"
  output_stream: "out"
}
```

## How to fix

Change the node so that the condition in the message holds.

## Source

The `mediapipe/calculators/**/*.cc` of the fork of OVMS 2026.4; the checks are listed by calculator in
`graphval/rules/calculators/table_*.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.calculators.checks import Moment
from graphval.rules.calculators.faults import checking, faults
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV310", "contract-refused", phase=Phase.LOAD, effect=Effect.REJECT, calculators=checking(Moment.CONTRACT))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for fault in faults(node, context, Moment.CONTRACT):
        yield Hit(fault.place, fault.message, help=fault.help, node=node)
