"""Prompt lookup cannot be used like this.

## What it does

Looks at `prompt_lookup` in the `plugin_config` of an LLM node: it is true or false, needs a pipeline with continuous
batching, and excludes a draft model.

## Why it is bad

The pipeline cannot be made and OVMS refuses the graph. Of a number the exception `Bad as from: l to: b` is thrown;
with a draft model it is `Speculative decoding and prompt lookup decoding are mutually exclusive`; without continuous
batching `User properties are conflicting: some of them requires PagedAttention backend`.

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
      draft_models_path: "small"
      plugin_config: '{"prompt_lookup": true}'  # error: [GV774]
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
      plugin_config: '{"prompt_lookup": true}'
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Write true or false, choose a pipeline with continuous batching, and give no draft model beside it.

## Source

OpenVINO GenAI `src/cpp/src/continuous_batching/pipeline.cpp` and `src/cpp/src/utils.cpp`; tried with version
2026.4.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.pipeline import batches, device_of
from graphval.rules.genai.plugin_settings import plugin_config_of
from graphval.rules.mechanism import Answer, Hit, node_rule

_KEY = "prompt_lookup"


@node_rule(
    "GV774", "prompt-lookup", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("LLM",), written=("plugin_config",)
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    config = plugin_config_of(node, context)
    if options is None or config is None:
        return
    setting = next((s for s in config.settings if s.key == _KEY and not s.device), None)
    if setting is None:
        return
    draft = options.first("draft_models_path")
    if setting.value.kind == "number":
        yield Hit(
            config.place_of(setting.value), f"{_KEY} is a number, not true or false", help="write true", node=node
        )
    elif setting.value.value is False:
        return
    elif draft is not None and draft.string:
        yield Hit(
            config.key_place(setting.member),
            f"{_KEY} and a draft model exclude each other",
            help="remove one of them",
            related=(("the draft model", draft.place),),
            node=node,
        )
    elif batches(options) is False and device_of(options) != "NPU":
        yield Hit(
            config.key_place(setting.member),
            f"{_KEY} needs continuous batching, and pipeline_type is one without",
            help="remove it, or write pipeline_type: LM_CB",
            related=(("without continuous batching", options.place_of("pipeline_type")),),
            node=node,
        )
