"""An LLM node switches the graph pool off.

## What it does

Looks for `HttpLLMCalculator` nodes without the side packet `LLM_NODE_EXECUTION_CONTEXTS` in a graph with a pool
directive.

## Why it is bad

OVMS drops the pool with a warning; the graph works, created anew for each request.

## Bad

```pbtxt graph.pbtxt
# OVMS_GRAPH_QUEUE_MAX_SIZE: AUTO
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "LLMExecutor"
  calculator: "HttpLLMCalculator"  # warning: [GV523]
  input_stream: "LOOPBACK:loopback"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  output_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: { [type.googleapis.com/mediapipe.LLMCalculatorOptions]: { models_path: "./" } }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Add `input_side_packet: "LLM_NODE_EXECUTION_CONTEXTS:…"` to the node, or remove the directive.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV523", "pool-llm-without-contexts", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    directive = context.graph.directive
    if directive is None or not directive.makes_pool or not context.reads_pool_directive:
        return
    if node.calculator == "HttpLLMCalculator" and not any(
        "LLM_NODE_EXECUTION_CONTEXTS" in c.text for c in node.input_side_packets
    ):
        yield Hit(
            node.calculator_place,
            "without LLM_NODE_EXECUTION_CONTEXTS the graph pool is switched off",
            help='add input_side_packet: "LLM_NODE_EXECUTION_CONTEXTS:llm_ctx"',
            related=(("the pool", directive.place),),
            node=node,
        )
