"""A subgraph node sets a field that only calculators have.

## What it does

Looks for `source_layer`, `buffer_size_hint`, `output_stream_handler` and `input_stream_info` on a node whose
calculator is a subgraph. A number 0 is as if it was not written.

## Why it is bad

OVMS refuses the graph when it loads it: `Subgraph "X" has a field that is only applicable to calculators.`

## Bad

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node {
  calculator: "FaceDetectionShortRangeCpu"
  input_stream: "IMAGE:in"
  output_stream: "DETECTIONS:faces"
  input_stream_info { tag_index: "IMAGE" back_edge: false }  # error: [GV320]
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

Remove the field, or set it on the nodes inside the subgraph.

## Source

MediaPipe `mediapipe/framework/tool/subgraph_expansion.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

_FIELDS = ("source_layer", "buffer_size_hint", "output_stream_handler", "input_stream_info")


@node_rule(
    "GV320",
    "subgraph-field",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    written=_FIELDS,
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    contract = context.contract(node)
    if contract is None or contract.kind != "subgraph":
        return
    for name in _FIELDS:
        field = node.bound.first(name)
        if field is not None and field.value != 0:  # the default is as if it was not there
            yield Hit(
                field.whole,
                f"{node.calculator} is a subgraph, and subgraph nodes cannot set {name}",
                help="remove it",
                node=node,
            )
