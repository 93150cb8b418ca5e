"""A graph input's tag makes another packet than its reader takes.

## What it does

OVMS chooses by the tag of a graph input what packet to make of a request: `OVTENSOR`, `TENSOR`, `IMAGE` and so on,
and an OpenVINO tensor for every other tag or none; over `/v3` it is the HTTP payload. The rule compares that with the
types of the nodes that read the stream. A tag like `OVTENSORS` begins with `OVTENSOR` and makes one tensor, not a
vector.

## Why it is bad

MediaPipe knows nothing of the tag, so the graph loads. Each request is refused when its packet is pushed: `Packet
type mismatch`.

## Bad

```pbtxt graph.pbtxt
input_stream: "OVTENSOR:in"  # error: [GV243]
output_stream: "IMAGE:out"
node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out" }
```

## How to fix

Write the tag whose packets the reader takes, or convert them behind the input.

## Source

OVMS `src/mediapipe_internal/mediapipe_utils.cpp` and `src/kfs_frontend/kfs_graph_executor_impl.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.graph_border import tag_for
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV243", "input-tag-type", phase=Phase.SERVE, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    flow, border = context.flow, context.border
    for connection in context.graph.inputs if border.readable else ():
        wanted = flow.wanted_of_input(connection.name)
        made = border.input_types(connection)
        if wanted is None or not wanted.types.isdisjoint(made) or border.refused(connection):
            continue
        tag = next((tag for name in sorted(wanted.types) if (tag := tag_for(name))), None)
        yield Hit(
            connection.place,
            f'OVMS makes {" or ".join(made)} of the graph input "{connection.name}", but {wanted.text} is needed',
            help=f'write input_stream: "{tag}:{connection.name}"'
            if tag
            else "no request can carry that type: convert it inside the graph",
            related=((f'read by "{wanted.endpoint.node.display}"', wanted.endpoint.connection.place),)
            if wanted.endpoint.node is not None
            else (),
            node=wanted.endpoint.node,
        )
