"""The cache eviction sizes of an LLM node cannot work.

## What it does

Checks `cache_eviction_config`: sizes above 0, and `max_cache_size` above `start_size` plus `recent_size`.

## Why it is bad

The pipeline throws while OVMS loads the graph, and the exception escapes: the graph is not registered, and every
later graph of the config.json is skipped.

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
      models_path: "./"
      cache_eviction_config { start_size: 32 recent_size: 64 max_cache_size: 64 }  # error: [GV727]
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
      cache_eviction_config { start_size: 32 recent_size: 64 max_cache_size: 192 }
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## Source

OVMS `src/llm/servable_initializer.cpp` (2026.4); tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV727", "cache-eviction", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    config = next(options.messages("cache_eviction_config"), None) if options is not None else None
    if config is None:
        return
    sizes = {
        name: int(field.text)
        for name in ("start_size", "recent_size", "max_cache_size")
        if (field := config.first(name)) is not None
    }
    for name, size in sizes.items():
        if size <= 0:
            yield Hit(config.place_of(name), f"{name} must be above 0, not {size}", node=node)
            return
    if len(sizes) == 3 and sizes["max_cache_size"] <= sizes["start_size"] + sizes["recent_size"]:
        yield Hit(
            config.place_of("max_cache_size"),
            f"max_cache_size {sizes['max_cache_size']} must be above start_size plus recent_size, "
            f"{sizes['start_size'] + sizes['recent_size']}",
            node=node,
        )
