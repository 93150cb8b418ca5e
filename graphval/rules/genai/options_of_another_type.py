"""The first `node_options` entry is not what OVMS reads for the node.

## What it does

Compares the type of the first `node_options` entry with the one that the node's initialiser unpacks.

## Why it is bad

The options are taken as empty: `models_path` or `handler_path` is then missing and the graph is refused when OVMS
loads it.

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
  node_options: { [type.googleapis.com/mediapipe.S2tCalculatorOptions]: { models_path: "./" } }  # error: [GV704]
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

Put the options that OVMS reads first, and remove the others.

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


@node_rule("GV704", "node-options-of-another-type", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    initializer, first = initializer_of(node, context), node.first_options
    if initializer is None or first is None or first.type_name == initializer.options:
        return
    yield Hit(
        node.node_options[0].fields[0].name_place,
        f"{node.calculator} reads {initializer.options}, not {first.type_name}",
        help=f"write [type.googleapis.com/{initializer.options}], as the first node_options entry",
        node=node,
    )
