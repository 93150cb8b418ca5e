"""A calculator ends the server process when it opens with these options.

## What it does

Looks for option values that a calculator checks with a fatal check when the graph is created.

## Why it is bad

The graph loads and is AVAILABLE; the first request ends the whole server process. With a graph pool it ends at server
start.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PacketThinnerCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options: {
    [type.googleapis.com/mediapipe.PacketThinnerCalculatorOptions]: {
      period: 0  # error: [GV313]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PacketThinnerCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options: { [type.googleapis.com/mediapipe.PacketThinnerCalculatorOptions]: { period: 5 } }
}
```

## How to fix

Change the options so that the condition in the message holds; until then no server should be given the graph.

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
    "GV313",
    "open-aborts",
    phase=Phase.CREATE,
    effect=Effect.ABORT,
    start_run=True,
    calculators=checking(Moment.OPEN_ABORT),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for fault in faults(node, context, Moment.OPEN_ABORT):
        yield Hit(fault.place, fault.message, help=fault.help, node=node)
