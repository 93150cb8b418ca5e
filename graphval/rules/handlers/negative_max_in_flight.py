"""A node's `max_in_flight` is negative.

## What it does

Looks for negative values of `max_in_flight`.

## Why it is bad

MediaPipe accepts the value and then never schedules the node. The graph is AVAILABLE, and every request hangs for
ever: OVMS has no time-out.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  max_in_flight: -1  # error: [GV510]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write 1 or more, or remove the field.

## Source

MediaPipe `mediapipe/framework/calculator_node.cc` (fork of OVMS 2026.4); seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV510", "negative-max-in-flight", phase=Phase.SERVE, effect=Effect.REJECT, written=("max_in_flight",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if node.max_in_flight < 0 and node.inputs and not context.drops_scheduling(node):
        yield Hit(
            node.bound.place_of("max_in_flight"),
            f"max_in_flight is {node.max_in_flight}, so the node never runs",
            help="remove it, or write a number above 0",
            label="every request hangs for ever",
            node=node,
        )
