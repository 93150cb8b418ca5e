"""A calculator ends the server process on the first packet.

## What it does

Looks for connections and options with which a calculator opens and then runs into a fatal check.

## Why it is bad

The graph loads and is created; the first packet ends the whole server process.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "SequenceShiftCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options: {
    [type.googleapis.com/mediapipe.SequenceShiftCalculatorOptions]: {
      packet_offset: 1
      emit_empty_packets_before_first_packet: true  # error: [GV315]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "SequenceShiftCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options: { [type.googleapis.com/mediapipe.SequenceShiftCalculatorOptions]: { packet_offset: 0 } }
}
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
    "GV315", "process-aborts", phase=Phase.SERVE, effect=Effect.ABORT, calculators=checking(Moment.PROCESS_ABORT)
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for fault in faults(node, context, Moment.PROCESS_ABORT):
        yield Hit(fault.place, fault.message, help=fault.help, node=node)
