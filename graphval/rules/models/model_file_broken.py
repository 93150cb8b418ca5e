"""A file of a model is cut off, or its weights are not there.

## What it does

For each IR that OVMS reads when it loads the node: does the XML end as it must, does the `.bin` with its weights lie
beside it and hold all that the XML tells of, and is neither of them the note that Git LFS leaves where a file was not
fetched?

## Why it is bad

The model cannot be read: `Empty weights data in bin file or bin file cannot be found!`, `Incorrect weights in bin
file!` or `Unable to read the model`. OVMS refuses the graph; with embeddings, rerank and speech-to-text nodes an
exception escapes, so that the graph is not registered and every later graph of the config.json is skipped.

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
      models_path: "model"  # error: [GV722]
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

```xml model/openvino_model.xml
<net><layer type="Const"/><layer type="ReadValue"/><layer type="ScaledDotProductAttention"/></net>
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
<net><layer type="Const"/><layer type="ReadValue"/><layer type="ScaledDotProductAttention"/></net>
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

```text model/openvino_model.bin
weights
```

## How to fix

Copy or export the model's files anew, `.xml` and `.bin` together.

## Source

OpenVINO `src/core/xml_util/src/xml_deserialize_util.cpp` (2026.4); a missing .bin was tried on the real server, of
model, tokenizer and detokenizer alike with OpenVINO GenAI 2026.4.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphval.deployment.files import display, exists
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.model_folder import model_folders_of
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.models.ir_operations import is_lfs_pointer, operations_of


@node_rule("GV722", "model-file-broken", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for folder in model_folders_of(node, context):
        for model in folder.models_read():
            message, advice = _fault(model)
            if message:
                yield Hit(folder.field.place, message, help=advice, node=node)


def _fault(model: Path) -> tuple[str, str]:
    """What is wrong with an IR and its weights, and what to do."""
    operations = operations_of(model)
    weights = model.with_suffix(".bin")
    if operations is None:
        return "", ""
    if operations.pointer:
        return f"{display(model)} is a Git LFS pointer, not the model", "run git lfs pull"
    if not operations.complete:
        return f"{display(model)} does not end with </net>: it is cut off", "copy or export it again"
    if exists(weights):
        if is_lfs_pointer(weights):
            return f"{display(weights)} is a Git LFS pointer, not the weights", "run git lfs pull"
        held = weights.stat().st_size
        if held < operations.weights:
            return f"{display(weights)} is cut off: it has {held} bytes of {operations.weights}", "copy it again"
        return "", ""
    if "Const" in operations.types:
        return f"{display(weights)} with the weights of {model.name} does not exist", "copy it beside the .xml"
    return "", ""
