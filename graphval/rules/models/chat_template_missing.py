"""A language model has no chat template.

## What it does

Looks where OVMS looks for one: `chat_template.jinja`, `chat_template.json`, `template.jinja`, the key `chat_template`
of `tokenizer_config.json`, and the tokenizer's IR.

## Why it is bad

The graph is AVAILABLE and `/v3/completions` works, but `/v3/chat/completions` answers every request with an error.
The log has only a line: `Chat template was not found in model files`.

In public threads people saw `Chat template has not been loaded properly. Servable will not respond to
/chat/completions endpoint` and looked for the mistake in the server; the model was a base model, or its template was
lost in the export.

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
      models_path: "model"  # warning: [GV760]
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

Export the model with its tokenizer's files, or add `chat_template.jinja` to its folder.

## Source

OVMS `src/llm/servable_initializer.cpp` (2026.4); tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.files import display
from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.model_folder import TOKENIZER, ModelFolder, model_folder_of
from graphval.rules.mechanism import Answer, Hit, node_rule

_FILES = ("chat_template.jinja", "chat_template.json", "template.jinja")
_LARGEST = 64 << 20


@node_rule(
    "GV760",
    "chat-template-missing",
    phase=Phase.SERVE,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
    prepared_as=("LLM",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    folder = model_folder_of(node, context)
    if folder is None or folder.kind != "LLM" or folder.is_gguf or folder.main_model is None:
        return
    if not folder.holds(TOKENIZER) or any(folder.holds(name) for name in _FILES):
        return
    if not _in_tokenizer_config(folder) and not _in_tokenizer(folder):
        yield Hit(
            folder.field.place,
            f"there is no chat template in {display(folder.path)}",
            help="add chat_template.jinja of the model if it is one that chats",
            label="/v3/chat/completions answers with an error",
            node=node,
        )


def _in_tokenizer_config(folder: ModelFolder) -> bool:
    document = folder.json("tokenizer_config.json")
    root = document.root if document is not None else None
    return root is not None and (root.kind != "object" or root.get("chat_template") is not None)


def _in_tokenizer(folder: ModelFolder) -> bool:
    """Whether the tokenizer's IR carries a template; a file too large to search is taken to."""
    file = folder.path / TOKENIZER
    try:
        return file.stat().st_size > _LARGEST or b"chat_template" in file.read_bytes()
    except OSError:
        return True
