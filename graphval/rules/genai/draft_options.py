"""Options for a draft model are given without the model.

## What it does

Looks for `draft_…` options of an LLM node without `draft_models_path`.

## Why it is bad

OVMS refuses the graph when it loads it: `Draft model path is not provided, but draft scheduler options are set.`

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
      draft_device: "CPU"  # error: [GV726]
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
      draft_models_path: "small"
      draft_device: "CPU"
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

```xml model/openvino_model.xml
<net><layer type="ReadValue"/><layer type="ScaledDotProductAttention"/></net>
```

```xml model/openvino_tokenizer.xml
<net></net>
```

```xml model/openvino_detokenizer.xml
<net></net>
```

```jinja model/chat_template.jinja
{{ messages[0]['content'] }}
```

```xml small/openvino_model.xml
<net><layer type="ReadValue"/><layer type="ScaledDotProductAttention"/></net>
```

```xml small/openvino_tokenizer.xml
<net></net>
```

```xml small/openvino_detokenizer.xml
<net></net>
```

```jinja small/chat_template.jinja
{{ messages[0]['content'] }}
```

## How to fix

Add `draft_models_path`, or remove the options that need it.

## Source

OVMS `src/llm/language_model/continuous_batching/servable_initializer.cpp` (2026.4); tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule

_NEED_THE_MODEL = (
    "draft_max_num_batched_tokens",
    "draft_cache_size",
    "draft_dynamic_split_fuse",
    "draft_max_num_seqs",
    "draft_block_size",
    "draft_device",
)


@node_rule(
    "GV726", "draft-options", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("LLM",), written=_NEED_THE_MODEL
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    path = options.first("draft_models_path") if options is not None else None
    if options is None or (path is not None and path.string):
        return
    field = next((field for field in options.fields if field.name in _NEED_THE_MODEL), None)
    if field is not None:
        yield Hit(
            field.whole,
            f"{field.name} is set, but there is no draft_models_path",
            help="add draft_models_path, or remove the draft options",
            node=node,
        )
