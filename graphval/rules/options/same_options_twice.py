"""A node gives the same options twice.

## What it does

Looks for two `node_options` entries of one type on a node.

## Why it is bad

OVMS refuses the graph when it loads it: `Options type: '…' specified more than once for a single calculator node
config.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options: { [type.googleapis.com/mediapipe.GateCalculatorOptions]: { allow: true } }
  node_options: { [type.googleapis.com/mediapipe.GateCalculatorOptions]: { allow: false } }  # error: [GV401]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"
  input_stream: "in"
  output_stream: "out"
  node_options: { [type.googleapis.com/mediapipe.GateCalculatorOptions]: { allow: true } }
}
```

## How to fix

Keep one of the two blocks, and merge what they say.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import BoundMessage


@node_rule("GV401", "same-options-twice", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    first_of: dict[str, BoundMessage] = {}
    for entry in node.node_options:
        if entry.expanded is None:
            continue
        first = first_of.setdefault(entry.expanded.type_name, entry)
        if first is not entry:
            yield Hit(
                entry.place,
                f"the node gives {entry.expanded.type_name} twice",
                help="merge the two blocks",
                related=(("the first one", first.place),),
                node=node,
            )
