"""The cache eviction sizes of an LLM node cannot work.

## What it does

Checks `cache_eviction_config`: sizes above 0, `max_cache_size` above `start_size` plus `recent_size`, and all of them
multiples of the size of a block, 32 tokens on CPU and 16 on GPU.

## Why it is bad

Of the first two the pipeline throws while OVMS loads the graph, and the exception escapes: the graph is not
registered, and every later graph of the config.json is skipped. Of the third the graph is AVAILABLE and generating
fails.

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
      cache_eviction_config { start_size: 32 recent_size: 128 max_cache_size: 128 }  # error: [GV727]
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
      cache_eviction_config { start_size: 32 recent_size: 128 max_cache_size: 256 }
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Choose multiples of the block's size (32 tokens on CPU, 16 on GPU), and a `max_cache_size` above `start_size` plus
`recent_size`.

## Source

OpenVINO GenAI `src/cpp/include/openvino/genai/cache_eviction.hpp` (2026.4); tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.pipeline import batches, device_of
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import BoundMessage

_SIZES = ("start_size", "recent_size", "max_cache_size")
_BLOCK = {"CPU": 32}
_SMALLEST_BLOCK = 16
"""What every block size is a multiple of."""


@node_rule(
    "GV727",
    "cache-eviction",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    prepared_as=("LLM",),
    written=("cache_eviction_config",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    config = next(iter(options.messages("cache_eviction_config")), None) if options is not None else None
    if options is None or config is None or batches(options) is False:
        return
    sizes = {name: field.value for name in _SIZES if (field := config.first(name)) is not None}
    found = _refused(config, {name: size for name, size in sizes.items() if isinstance(size, int)}, node)
    if found is not None:
        yield found
        return
    block = _BLOCK.get(device_of(options), _SMALLEST_BLOCK)
    for name, size in sizes.items():
        if isinstance(size, int) and size % block:
            yield Hit(
                config.place_of(name),
                f"{name} {size} is no multiple of {block}, the size of a block",
                help=f"write {max(1, round(size / block)) * block}",
                phase=Phase.SERVE,
                node=node,
            )


def _refused(config: BoundMessage, sizes: dict[str, int], node: Node) -> Hit | None:
    """The first check of OpenVINO GenAI's that fails."""
    for name, size in sizes.items():
        if size == 0:
            return Hit(config.place_of(name), f"{name} must be above 0", node=node)
    if len(sizes) < len(_SIZES):
        return None
    kept = sizes["start_size"] + sizes["recent_size"]
    if sizes["max_cache_size"] > kept:
        return None
    return Hit(
        config.place_of("max_cache_size"),
        f"max_cache_size {sizes['max_cache_size']} must be above start_size plus recent_size, {kept}",
        node=node,
    )
