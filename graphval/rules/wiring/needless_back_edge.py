"""A back edge is declared for a stream that does not come back.

## What it does

Looks for inputs declared with `back_edge: true` that take part in no circle.

## Why it is bad

MediaPipe only logs a warning, but such a node also stops waiting for the stream in the order it was meant to, which
is rarely what was wanted.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  input_stream_info { tag_index: ":0" back_edge: true }  # warning: [GV215]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Remove the `input_stream_info`, or read the stream that comes back.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4); accepted by the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule(
    "GV215",
    "needless-back-edge",
    phase=Phase.LOAD,
    effect=Effect.ADVICE,
    severity=Severity.WARNING,
    written=("back_edge",),
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    producers = context.wiring.producers
    if any(not producers.get(connection.name) for node in context.graph for connection in node.inputs):
        return  # what is cut off elsewhere may be what comes back
    for node in context.graph:
        if context.is_subgraph(node):
            continue  # the field itself is refused there
        for info in node.stream_infos:
            connection = node.inputs.find(info.tag_index) if info.back_edge else None
            if connection is not None and not _comes_back(context, node, connection.name):
                yield Hit(
                    info.place,
                    f'the stream "{connection.name}" is declared as a back edge but does not come back',
                    help="remove back_edge",
                    node=node,
                )


def _comes_back(context: GraphContext, node: Node, stream: str) -> bool:
    """Whether the stream's producer can be reached from the node's outputs."""
    goals = {p.node.position for p in context.wiring.producers.get(stream, ()) if p.node is not None}
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.position in goals:
            return True
        if current.position in seen:
            continue
        seen.add(current.position)
        for output in current.outputs:
            waiting += [c.node for c in context.wiring.consumers.get(output.name, ()) if c.node is not None]
    return False
