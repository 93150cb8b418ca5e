"""A model has no tokenizer that OVMS can use.

## What it does

Looks for `openvino_tokenizer.xml`, and for LLM nodes `openvino_detokenizer.xml`, in the folder of a model. A model that
transcribes needs the detokenizer alone, one that speaks or draws the tokenizers, those of a drawing one in folders. For
embeddings and rerank nodes it follows OVMS further: where config.json does not give the numbers of all special tokens
and tokenizer_config.json names them as text, OVMS tokenizes them while it loads.

## Why it is bad

The graph is AVAILABLE, but the node cannot read or write text: requests fail. Where special tokens are tokenized at
load, an exception escapes there: the graph is not registered and every later graph of the config.json is skipped.

In public threads the tokenizer was never converted (an export without openvino-tokenizers), or was deleted because
the model seemed to load without it.

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
      models_path: "model"  # error: [GV723]
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

Export the tokenizer with the model, so that `openvino_tokenizer.xml` and `openvino_detokenizer.xml` lie beside it.

## Source

OVMS `src/sidepacket_servable.cpp` (2026.4); each file was taken away on the real server, those of speech and image
models from OpenVINO GenAI.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.files import display
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.model_folder import DETOKENIZER, ENCODER_AND_DECODER, TOKENIZER, ModelFolder, model_folder_of
from graphval.rules.mechanism import Answer, Hit, node_rule

_NEEDED = {"LLM": (TOKENIZER, DETOKENIZER), "Embeddings": (TOKENIZER,), "Rerank": (TOKENIZER,)}
_AT_LOAD = ("Embeddings", "Rerank")


@node_rule("GV723", "tokenizer-missing", phase=Phase.SERVE, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    folder = model_folder_of(node, context)
    if folder is None or folder.is_gguf:
        return
    missing = [name for name in _needed(folder) if not folder.holds(name)]
    if not missing:
        return
    at_load = folder.kind in _AT_LOAD and _tokenizes_at_load(folder)
    yield Hit(
        folder.field.place,
        f"there is no {' and no '.join(missing)} in {display(folder.path)}",
        help="convert the tokenizer: convert_tokenizer … --with-detokenizer, of the package openvino-tokenizers",
        label="the graph is not registered, and later graphs of the config.json are skipped" if at_load else "",
        phase=Phase.LOAD if at_load else None,
        node=node,
    )


def _needed(folder: ModelFolder) -> tuple[str, ...]:
    """What the model of a node reads and writes text with; nothing where there is no such model."""
    match folder.kind:
        case "SpeechToText":
            return (DETOKENIZER,) if all(map(folder.holds, ENCODER_AND_DECODER)) else ()
        case "TextToSpeech":
            return (TOKENIZER,) if folder.is_speech_t5 else ()
        case "Image Gen":
            parts = (part for part in folder.components() if part in ("tokenizer", "tokenizer_2"))
            return tuple(f"{part}/{TOKENIZER}" for part in parts)
        case kind:
            return _NEEDED.get(kind, ()) if folder.main_model is not None else ()


def _tokenizes_at_load(folder: ModelFolder) -> bool:
    """Whether a special token is named by text only, so that OVMS looks its number up with the tokenizer."""
    model, tokenizer = folder.json("config.json"), folder.json("tokenizer_config.json")
    names = tokenizer.root if tokenizer is not None and not tokenizer.problems else None
    numbers = model.root if model is not None and not model.problems else None
    if names is None or names.kind != "object":
        return False

    def number(special: str) -> bool:
        found = numbers.get(f"{special}_id") if numbers is not None else None
        return found is not None and type(found.value) is int and found.value != 0

    unknown = [special for special in ("pad_token", "eos_token", "bos_token") if not number(special)]
    return any(names.text(special) is not None for special in unknown)
