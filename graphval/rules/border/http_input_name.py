"""A graph for `/v3` does not call its input `input`.

## What it does

Looks at graphs whose nodes take the HTTP payload: their graph input must be called `input`, the tag is free.

## Why it is bad

OVMS pushes the payload of `/v3` requests to a stream of that name. The graph loads, and every request fails:
`AddPacketToInputStream called on input stream "input" which is not a graph input stream.`

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:request"  # error: [GV750]
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "LLMExecutor"
  calculator: "HttpLLMCalculator"
  input_stream: "LOOPBACK:loopback"
  input_stream: "HTTP_REQUEST_PAYLOAD:request"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  output_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: {
    [type.googleapis.com/mediapipe.LLMCalculatorOptions]: {
      models_path: "./"
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "LLMExecutor"
  calculator: "HttpLLMCalculator"
  input_stream: "LOOPBACK:loopback"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  input_side_packet: "LLM_NODE_RESOURCES:llm"
  output_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: {
    [type.googleapis.com/mediapipe.LLMCalculatorOptions]: {
      models_path: "./"
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Call the graph's input stream `input`.

## Source

OVMS `src/http_frontend/http_graph_executor_impl.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.graph_border import HTTP_INPUT
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import OTHER_INPUT


@graph_rule("GV750", "http-input-name", phase=Phase.SERVE, effect=Effect.REJECT, signs=(OTHER_INPUT,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    inputs = context.graph.inputs
    if not context.border.speaks_http or not inputs or any(c.name == HTTP_INPUT for c in inputs):
        return
    first = next(iter(inputs))
    tag = f"{first.tag}:" if first.tag else ""
    yield Hit(
        first.place,
        f'/v3 requests go to a stream called "input", this one is called "{first.name}"',
        help=f'write "{tag}input" here and where nodes read it',
    )
