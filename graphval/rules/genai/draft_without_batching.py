"""A draft model is given to a pipeline that cannot use it.

## What it does

Looks for `draft_models_path` on an LLM node whose `pipeline_type` is `LM` or `VLM` and whose device is not NPU.

## Why it is bad

OVMS refuses the graph when it loads it: `Speculative decoding with the SDPA attention backend on non-NPU devices is
only supported for Gemma4 MTP model pairs.`

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
      device: "CPU"
      pipeline_type: LM
      draft_models_path: "small"  # error: [GV765]
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

```json model/config.json
{"model_type": "llama"}
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
      device: "CPU"
      draft_models_path: "small"
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

Choose a pipeline with continuous batching, or remove the draft model.

## Source

OpenVINO GenAI `src/cpp/src/llm/pipeline.cpp`; tried with version 2026.4.1, and on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.model_folder import ModelFolder, model_folder_of
from graphval.rules.genai.pipeline import WITHOUT_BATCHING, device_of, pipeline_type
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule

_EXCEPTED = "gemma4"


@node_rule(
    "GV765",
    "draft-without-batching",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    prepared_as=("LLM",),
    written=("draft_models_path",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    path = options.first("draft_models_path") if options is not None else None
    if options is None or path is None or not path.string:
        return
    if pipeline_type(options) not in WITHOUT_BATCHING or device_of(options) == "NPU":
        return
    family = _family(model_folder_of(node, context))
    if not family:
        yield Skip("of which family the model is, and so whether it may have a draft model here, is not known", node)
    elif not family.startswith(_EXCEPTED):
        yield Hit(
            path.place,
            f"pipeline_type {pipeline_type(options)} takes no draft model on this device",
            help="leave pipeline_type to OVMS",
            related=(("the pipeline", options.place_of("pipeline_type")),),
            node=node,
        )


def _family(folder: ModelFolder | None) -> str:
    """The model's type as config.json names it; empty where it is not known."""
    document = folder.json("config.json") if folder is not None and not folder.is_gguf else None
    root = document.root if document is not None and not document.problems else None
    return (root.text("model_type") or "") if root is not None else ""
