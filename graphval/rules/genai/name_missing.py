"""A node that OVMS prepares at load has no name.

## What it does

Looks at Python, LLM, embeddings, rerank, image and speech nodes without `name`.

## Why it is bad

OVMS keeps their resources by node name and refuses the graph when it loads it: `… node name is missing in graph`.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  calculator: "T2sCalculator"  # error: [GV702]
  input_side_packet: "TTS_NODE_RESOURCES:t2s_servable"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: { [type.googleapis.com/mediapipe.T2sCalculatorOptions]: { models_path: "./" } }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "speaker"
  calculator: "T2sCalculator"
  input_side_packet: "TTS_NODE_RESOURCES:t2s_servable"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: { [type.googleapis.com/mediapipe.T2sCalculatorOptions]: { models_path: "./" } }
}
```

## How to fix

Add `name` to the node.

## Source

OVMS `src/mediapipe_internal/node_initializer.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV702", "node-name-missing", phase=Phase.LOAD, effect=Effect.REJECT, options_apart=True)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if not node.name and initializer_of(node, context) is not None:
        yield Hit(
            node.bound.place_of("name") if node.bound.first("name") else node.calculator_place,
            f"{node.calculator} needs a node name",
            help='write name: "…"',
            node=node,
        )
