"""A calculator will not open with these options.

## What it does

Makes the checks that calculators make when the graph is created for a request: options that must be set, ranges,
combinations.

## Why it is bad

The graph loads and is AVAILABLE; every request fails with `Calculator::Open() for node "N" failed`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PacketResamplerCalculator"
  input_stream: "DATA:in"
  output_stream: "DATA:out"
  node_options: {
    [type.googleapis.com/mediapipe.PacketResamplerCalculatorOptions]: {
      frame_rate: -2  # error: [GV312]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PacketResamplerCalculator"
  input_stream: "DATA:in"
  output_stream: "DATA:out"
  node_options: { [type.googleapis.com/mediapipe.PacketResamplerCalculatorOptions]: { frame_rate: 10 } }
}
```

## How to fix

Change the options so that the condition in the message holds.

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


@node_rule("GV312", "open-refused", phase=Phase.CREATE, effect=Effect.REJECT, calculators=checking(Moment.OPEN))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for fault in faults(node, context, Moment.OPEN):
        yield Hit(fault.place, fault.message, help=fault.help, node=node)
