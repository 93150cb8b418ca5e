"""A calculator's contract ends the server process.

## What it does

Looks for connections without which the contract of a calculator looks up a stream that does not exist.

## Why it is bad

The check is a fatal one: the whole server process ends while OVMS loads the graph.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PacketResamplerCalculator"  # error: [GV311]
  input_stream: "DATA:in"
  node_options: { [type.googleapis.com/mediapipe.PacketResamplerCalculatorOptions]: { frame_rate: 10 } }
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

Change the node so that the condition in the message holds; until then no server should be given the graph.

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


@node_rule(
    "GV311", "contract-aborts", phase=Phase.LOAD, effect=Effect.ABORT, calculators=checking(Moment.CONTRACT_ABORT)
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for fault in faults(node, context, Moment.CONTRACT_ABORT):
        yield Hit(fault.place, fault.message, help=fault.help, node=node)
