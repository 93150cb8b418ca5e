"""A model cannot be used with continuous batching.

## What it does

Searches the IR of a language model for the operation `ScaledDotProductAttention` and for its state (`ReadValue`),
both of which continuous batching rewrites, where the node gets such a pipeline (`LM_CB`, `VLM_CB`, or left to OVMS on
any device but NPU).

## Why it is bad

OVMS refuses the graph when it loads it: `No ScaledDotProductAttention operation observed in the graph, cannot perform
the SDPAToPagedAttention transformation.`

In public threads a whole server went down by this at its start, since it was started for this one model; the same
model works with `pipeline_type: LM` (or `VLM`), or exported again with a newer optimum-intel.

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
      models_path: "model"  # error: [GV764]
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

```xml model/openvino_model.xml
<net><layer type="ReadValue"/></net>
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

Choose `pipeline_type: LM` or `VLM`, or export the model anew with a current version of optimum-intel.

## Source

OpenVINO `src/core/src/pass/sdpa_to_paged_attention.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.files import display
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.model_folder import model_folder_of
from graphval.rules.genai.pipeline import batches, is_visual
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.models.ir_operations import operations_of


@node_rule("GV764", "attention-missing", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("LLM",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "LLM")
    folder = model_folder_of(node, context)
    model = folder.main_model if folder is not None and not folder.is_gguf else None
    if options is None or folder is None or model is None or not batches(options):
        return
    operations = operations_of(model)
    if operations is None or operations.pointer or not operations.complete:
        return
    if "PagedAttentionExtension" in operations.types:
        return
    place = options.place_of("pipeline_type") if options.first("pipeline_type") else folder.field.place
    if "ReadValue" not in operations.types:
        yield Hit(
            place,
            f"{display(model)} keeps no state, which continuous batching needs",
            help="export it with optimum-cli export openvino --task text-generation-with-past",
            node=node,
        )
    elif "ScaledDotProductAttention" not in operations.types:
        yield Hit(
            place,
            f"{display(model)} has no ScaledDotProductAttention, which continuous batching needs",
            help=f"write pipeline_type: {'VLM' if is_visual(folder) else 'LM'}, or export the model again",
            node=node,
        )
