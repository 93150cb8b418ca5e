"""A node without input streams is no source.

## What it does

Looks for nodes that have output streams but no input streams, and whose calculator is not made to be a source.

## Why it is bad

MediaPipe takes such a node for a source: it calls the calculator again and again until that says that it has no more.
A calculator that waits for input never says so. The graph loads; each request hangs for ever, or fails with `Packet
timestamp mismatch` because the same moment is written again.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"  # error: [GV317]
  output_stream: "STATE_CHANGE:opened"
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

Connect the streams that the calculator is to work on, or remove the node.

## Source

MediaPipe `mediapipe/framework/calculator_node.cc` and `mediapipe/framework/scheduler_queue.cc` (fork of OVMS 2026.4);
seen in the MediaPipe wheel 0.10.21.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.calculators.checks import Moment
from graphval.rules.calculators.connections import fits
from graphval.rules.calculators.faults import faults
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV317", "source-never-ends", phase=Phase.CREATE, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if node.inputs or not node.outputs:
        return
    contract = context.contract(node)
    if contract is None or contract.kind == "subgraph" or not contract.inputs or contract.source_node:
        return
    if context.declared(node) is not None or not fits(node, context):
        return
    if not any(True for moment in Moment for _ in faults(node, context, moment)):
        yield Hit(
            node.calculator_place,
            f"{node.calculator} is no source, but the node has no input streams",
            label="every request hangs or fails",
            help="connect what it is to work on",
            node=node,
        )
