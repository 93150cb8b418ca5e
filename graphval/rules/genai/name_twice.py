"""Two nodes of one kind have the same name.

## What it does

Compares the names of nodes of one kind (Python, LLM, embeddings, …) in a graph.

## Why it is bad

OVMS keeps their resources by node name and refuses the graph when it loads it: `… node name: X already used in
graph`.

## Bad

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
node {
  name: "speaker"  # error: [GV703]
  calculator: "T2sCalculator"
  input_side_packet: "TTS_NODE_RESOURCES:t2s_servable"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:other"
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

Give each node a name of its own.

## Source

OVMS `src/mediapipe_internal/node_initializer.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initialised
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import SEVERAL_NODES


@graph_rule("GV703", "node-name-twice", phase=Phase.LOAD, effect=Effect.REJECT, signs=(SEVERAL_NODES,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    first_of: dict[tuple[str, str], Node] = {}
    for node, initializer in initialised(context):
        if not node.name:
            continue
        first = first_of.setdefault((initializer.kind, node.name), node)
        if first is not node:
            yield Hit(
                node.bound.place_of("name"),
                f'two {initializer.kind} nodes are called "{node.name}"',
                help="give each its own name",
                related=(("the first one", first.bound.place_of("name")),),
                node=node,
            )
