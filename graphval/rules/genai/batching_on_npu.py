"""A pipeline with continuous batching is asked for on NPU.

## What it does

Looks for `pipeline_type: LM_CB` or `VLM_CB` on an LLM node whose device is NPU.

## Why it is bad

OVMS knows NPU only with the pipelines without continuous batching: left to choose, it takes those. In public threads
the graph loaded and requests failed (`Request processing failed, check its correctness`), or the server ended.

## Bad

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
      models_path: "model"
      device: "NPU"
      pipeline_type: LM_CB  # warning: [GV766]
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
      models_path: "model"
      device: "NPU"
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Choose `pipeline_type: LM` or `VLM`, or another device.

## Source

OVMS `docs/llm/reference.md`, `src/llm/servable_initializer.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.pipeline import WITH_BATCHING, device_of, pipeline_type
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule(
    "GV766",
    "batching-on-npu",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
    prepared_as=("LLM",),
    written=("pipeline_type",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    if options is None or device_of(options) != "NPU" or pipeline_type(options) not in WITH_BATCHING:
        return
    yield Hit(
        options.place_of("pipeline_type"),
        f"{pipeline_type(options)} is not for NPU",
        help=f"write {pipeline_type(options).removesuffix('_CB')}, or leave it to OVMS",
        related=(("the device", options.place_of("device")),),
        node=node,
    )
