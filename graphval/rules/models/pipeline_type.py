"""The pipeline type does not fit the model.

## What it does

Compares an explicit `pipeline_type` with what OVMS takes the model for: one that reads images has
`openvino_text_embeddings_model.xml` and `openvino_vision_embeddings_model.bin` in its folder.

## Why it is bad

OVMS refuses the graph when it loads it: `Models directory content indicates VLM pipeline, but pipeline type is set to
non-VLM type.` or the other way round.

In public threads people set `pipeline_type: LM` as a way around a model without attention operations, and met this
second gate: it does not work for models that read images.

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
      pipeline_type: VLM_CB  # error: [GV763]
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
      pipeline_type: LM_CB
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

## How to fix

Choose the pipeline type that fits the model, or remove the field and let OVMS choose.

## Source

OVMS `src/llm/servable_initializer.cpp` `determinePipelineType` (2026.4); tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.model_folder import model_folder_of
from graphval.rules.genai.pipeline import AUTO, OMNI, VISUAL, is_omni, is_visual, pipeline_type
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule(
    "GV763", "pipeline-type", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("LLM",), written=("pipeline_type",)
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    folder = model_folder_of(node, context)
    written = pipeline_type(options) if options is not None else AUTO
    if options is None or folder is None or folder.main_model is None or written == AUTO:
        return
    visual = is_visual(folder)
    if written == OMNI:
        message = "" if is_omni(folder) else "the model has no openvino_talker_model.xml, so it is no OMNI model"
    elif visual and written not in VISUAL:
        message = f"the model reads images, but {written} is for text alone"
    elif not visual and written in VISUAL:
        message = f"the model does not read images, but {written} is for one that does"
    else:
        message = ""
    if message:
        instead = {"LM": "VLM", "LM_CB": "VLM_CB"} if visual else {"VLM": "LM", "VLM_CB": "LM_CB"}
        meant = instead.get(written, "")
        yield Hit(
            options.place_of("pipeline_type"),
            message,
            help=f"write {meant}, or leave it to OVMS" if meant else "leave it to OVMS",
            related=(("the model", folder.field.place),),
            node=node,
        )
