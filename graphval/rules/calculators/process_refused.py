"""A calculator will fail on every packet.

## What it does

Looks for connections and options with which a calculator opens and then refuses each packet.

## Why it is bad

The graph loads, is created, and every request fails with `Calculator::Process() for node "N" failed`.

## Bad

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node {
  calculator: "ColorConvertCalculator"  # error: [GV314]
  input_stream: "GRAY_IN:in"
  output_stream: "RGBA_OUT:out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node { calculator: "ColorConvertCalculator" input_stream: "RGB_IN:in" output_stream: "GRAY_OUT:out" }
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


@node_rule("GV314", "process-refused", phase=Phase.SERVE, effect=Effect.REJECT, calculators=checking(Moment.PROCESS))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for fault in faults(node, context, Moment.PROCESS):
        yield Hit(fault.place, fault.message, help=fault.help, node=node)
