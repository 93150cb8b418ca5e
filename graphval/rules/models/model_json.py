"""A JSON file of a model cannot be read.

## What it does

Reads the JSON files that OVMS and OpenVINO GenAI parse while a node is loaded: `config.json`, `tokenizer_config.json`
and `generation_config.json` of an LLM, `config.json` and `tokenizer_config.json` of embeddings and rerank models,
`config.json` of speech models.

## Why it is bad

OVMS refuses the graph. From a broken `generation_config.json`, and from any of these files of embeddings, rerank and
speech models, an exception escapes: the graph is not registered and every later graph of the config.json is skipped.

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
{"temperature": 0.6,}
```

```expect
error: GV761 at model/generation_config.json:1
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
{"temperature": 0.6}
```

## How to fix

Mend the file, or copy it anew from where the model comes from.

## Limits

What the keys of the files mean is another matter; of `generation_config.json` it is checked by a rule of its own.

## Source

OVMS `src/llm/language_model/continuous_batching/servable_initializer.cpp`, `src/sidepacket_servable.cpp` (2026.4);
tried on the real server, tokenizer_config.json with OpenVINO GenAI 2026.4.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.json_text import TOO_MANY
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.model_folder import ModelFolder, model_folder_of
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import Place
from graphval.textproto.decode import undecoded

_READ = {
    "LLM": ("generation_config.json", "config.json", "tokenizer_config.json"),
    "Embeddings": ("config.json", "tokenizer_config.json"),
    "Rerank": ("config.json", "tokenizer_config.json"),
    "SpeechToText": ("config.json",),
    "TextToSpeech": ("config.json",),
}
_CAPS = ("json-too-deep", TOO_MANY)
_UTF8_ONLY = ("generation_config.json", "tokenizer_config.json")
"""Files that OpenVINO GenAI reads, whose reader takes no bytes that are no UTF-8."""


@node_rule("GV761", "model-json", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    folder = model_folder_of(node, context)
    if folder is None:
        return
    for name in _READ.get(folder.kind, ()):
        yield from _faults(name, folder, node)
    if folder.kind == "SpeechToText" and not folder.holds("config.json") and any(folder.path.glob("*.xml")):
        yield Hit(folder.field.place, "the model has no config.json", help="export the model again", node=node)


def _faults(name: str, folder: ModelFolder, node: Node) -> Iterator[Answer]:
    document = folder.json(name)
    if document is None:
        return
    problem = next((p for p in document.problems if p.kind not in _CAPS), None)
    if problem is None and name in _UTF8_ONLY:
        problem = undecoded(document.source.text)
    if problem is not None:
        yield Hit(
            Place(document.source, problem.start, problem.end),
            f"{name} of the model is no JSON: {problem.message}",
            help=problem.help,
            related=(("the model of this node", folder.field.place),),
            node=node,
        )
