"""The limits of a rerank node leave room for no request.

## What it does

Looks at `max_allowed_chunks: 0`, and at `max_position_embeddings` of 8 or less, which is what the special tokens
around query and document take.

## Why it is bad

Each request fails: `Number of documents exceeds max_allowed_chunks`, or, where the tokenizer adds special tokens,
already when the graph is created: `max_position_embeddings should be larger than 2 * NUMBER_OF_SPECIAL_TOKENS`.

## Bad

```pbtxt graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "ranker"
  calculator: "RerankCalculatorOV"
  input_side_packet: "RERANK_NODE_RESOURCES:rerank_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.RerankCalculatorOVOptions]: {
      models_path: "model"
      max_allowed_chunks: 0  # error: [GV781]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "ranker"
  calculator: "RerankCalculatorOV"
  input_side_packet: "RERANK_NODE_RESOURCES:rerank_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.RerankCalculatorOVOptions]: {
      models_path: "model"
      max_allowed_chunks: 100
    }
  }
}
```

## How to fix

Raise the limit, as the help says.

## Source

OVMS `src/rerank/rerank_calculator_ov.cc` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule

_SPECIAL_TOKENS = 4


@node_rule("GV781", "rerank-limits", phase=Phase.SERVE, effect=Effect.REJECT, prepared_as=("Rerank",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "Rerank")
    if options is None:
        return
    chunks, longest = options.first("max_allowed_chunks"), options.first("max_position_embeddings")
    if chunks is not None and chunks.value == 0:
        yield Hit(chunks.whole, "max_allowed_chunks 0 allows no document", help="remove it", node=node)
    if longest is not None and isinstance(longest.value, int) and longest.value <= 2 * _SPECIAL_TOKENS:
        yield Hit(
            longest.whole,
            f"max_position_embeddings {longest.value} leaves no room for query and document",
            help="remove it: the model's own length is taken then",
            phase=Phase.CREATE,
            severity=Severity.WARNING,  # whether the tokenizer adds special tokens is not known
            node=node,
        )
