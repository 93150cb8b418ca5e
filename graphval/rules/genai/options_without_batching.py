"""Options for continuous batching are given to a pipeline without it.

## What it does

Looks for `cache_size`, `max_num_seqs`, `max_num_batched_tokens`, `dynamic_split_fuse`, `enable_prefix_caching`,
`cache_eviction_config` and `sparse_attention_config` on an LLM node that gets a pipeline of type `LM` or `VLM`: by
its `pipeline_type`, or left to OVMS on device NPU.

## Why it is bad

OVMS ignores them silently. In public threads people tuned them on NPU and wondered that nothing changed.

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
      cache_size: 4  # warning: [GV729]
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
      device: "CPU"
      cache_size: 4
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Remove the options, or choose a pipeline with continuous batching.

## Source

OVMS `docs/llm/reference.md`, `src/llm/language_model/legacy/servable_initializer.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.pipeline import AUTO, batches, pipeline_type
from graphval.rules.mechanism import Answer, Hit, node_rule

_FOR_BATCHING = frozenset(
    {
        "cache_size",
        "max_num_seqs",
        "max_num_batched_tokens",
        "dynamic_split_fuse",
        "enable_prefix_caching",
        "cache_eviction_config",
        "sparse_attention_config",
    }
)


@node_rule(
    "GV729",
    "options-without-batching",
    phase=Phase.LOAD,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    prepared_as=("LLM",),
    written=tuple(sorted(_FOR_BATCHING)),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    if options is None or batches(options) is not False:
        return
    chosen = "device" if pipeline_type(options) == AUTO else "pipeline_type"
    for field in options.fields:
        if field.name in _FOR_BATCHING:
            yield Hit(
                field.name_place,
                f"{field.name} has no effect without continuous batching",
                help="remove it",
                related=(("so there is none", options.place_of(chosen)),),
                node=node,
            )
