"""A node has a stream or side packet that its calculator does not know.

## What it does

Compares the tags and indexes of a node with the contract of its calculator; for a subgraph also those of output side
packets, which MediaPipe does not compare for calculators (GV307).

## Why it is bad

OVMS refuses the graph when it loads it: `Tag "X" index 0 was not expected.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"
  input_stream: "in"
  input_stream: "ALOW:in"  # error: [GV304]
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write a tag that the calculator has, or remove the line.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.calculators.connections import misfits
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest


@node_rule("GV304", "unexpected-connection", phase=Phase.LOAD, effect=Effect.REJECT, options_apart=True)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for misfit in misfits(node, context):
        if not misfit.strays or not misfit.connections.sound:
            continue
        if misfit.missing:
            continue  # a wrong tag in place of a needed one is reported there
        kind, tags = misfit.kind, list(dict.fromkeys(port.tag for port in misfit.ports if port.tag != "*"))
        for connection in misfit.strays:
            if not connection.valid:
                continue
            near = nearest(connection.tag, [tag for tag in tags if tag and tag != connection.tag])
            known = ", ".join(tag or "untagged ones" for tag in tags)
            yield Hit(
                connection.place,
                f"{node.calculator} has no {kind} {connection.tag_index if connection.tag else 'without tag'}"
                + (f" with index {connection.index}" if not connection.tag and connection.index else ""),
                help=f'did you mean "{near}:{connection.name}"?'
                if near
                else f"it takes {known}"
                if tags
                else f"it takes no {kind}s",
                node=node,
            )
