"""A node that OVMS prepares at load has no `node_options`.

## What it does

Looks at Python, LLM, embeddings, rerank, image and speech nodes: OVMS reads their options from the first
`node_options` entry only. Options in the form `options { [….ext] }` do not count.

## Why it is bad

OVMS refuses the graph when it loads it: `… node missing options in graph`.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "painter"
  calculator: "ImageGenCalculator"  # error: [GV701]
  input_side_packet: "IMAGE_GEN_NODE_RESOURCES:pipes"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "painter"
  calculator: "ImageGenCalculator"
  input_side_packet: "IMAGE_GEN_NODE_RESOURCES:pipes"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: { [type.googleapis.com/mediapipe.ImageGenCalculatorOptions]: { models_path: "./" } }
}
```

## How to fix

Add `node_options` with the options message of the calculator.

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


@node_rule("GV701", "node-options-missing", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    initializer = initializer_of(node, context)
    if initializer is None or node.node_options:
        return
    extension = next((field for field in node.option_extensions), None)
    written = f"node_options: {{ [type.googleapis.com/{initializer.options}]: {{ … }} }}"
    yield Hit(
        extension.name_place if extension is not None else node.calculator_place,
        f"OVMS reads the options of {node.calculator} from node_options, and there are none",
        help=f"write {written}",
        node=node,
    )
