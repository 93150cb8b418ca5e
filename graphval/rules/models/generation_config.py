"""A value in generation_config.json is of the wrong type.

## What it does

Compares the values that OpenVINO GenAI reads from the `generation_config.json` of a language model with the types it
reads them as: numbers, or true and false.

## Why it is bad

The exception that this throws escapes the loading: the graph is not registered, the server stays ready, and every
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

```json model/generation_config.json
{"do_sample": "true"}
```

```expect
error: GV762 at model/generation_config.json:1
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

```json model/generation_config.json
{"do_sample": true}
```

## How to fix

Write a value of the type that the message names.

## Source

OpenVINO GenAI `src/cpp/src/generation_config.cpp` (2026.4); every key was tried with values of every type on version
2026.4.1. That the exception escapes was seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.json_tree import JsonNode
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.model_folder import model_folder_of
from graphval.rules.mechanism import Answer, Hit, node_rule

_FILE = "generation_config.json"
_NUMBERS = (
    "max_new_tokens",
    "max_length",
    "min_new_tokens",
    "eos_token_id",
    "num_beam_groups",
    "num_beams",
    "diversity_penalty",
    "length_penalty",
    "num_return_sequences",
    "no_repeat_ngram_size",
    "temperature",
    "top_p",
    "top_k",
    "repetition_penalty",
    "presence_penalty",
    "frequency_penalty",
    "assistant_confidence_threshold",
    "max_ngram_size",
    "logprobs",
    "min_p",
)
_BOOLEANS = ("ignore_eos", "do_sample", "echo", "include_stop_str_in_output")


@node_rule("GV762", "generation-config", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("LLM",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    folder = model_folder_of(node, context)
    document = folder.json(_FILE) if folder is not None and folder.kind == "LLM" and not folder.is_gguf else None
    root = document.root if document is not None and not document.problems else None
    if folder is None or root is None or root.kind != "object":
        return
    for names, kind, called in ((_NUMBERS, "number", "a number"), (_BOOLEANS, "boolean", "true or false")):
        for name in names:
            value = root.get(name)
            if value is not None and not _is_read(value, kind):
                yield Hit(
                    value.place,
                    f"{name} must be {called}, not {_described(value)}",
                    related=(("the model of this node", folder.field.place),),
                    node=node,
                )


def _is_read(value: JsonNode, kind: str) -> bool:
    """Whether OpenVINO GenAI takes a value; ``null`` and, of numbers, lists are passed over or read elsewhere."""
    return value.kind in (kind, "null", "array")


def _described(value: JsonNode) -> str:
    return f'"{value.value}"' if value.kind == "string" else f"a JSON {value.kind}"
