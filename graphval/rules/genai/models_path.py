"""The model folder of a node does not exist, or is no folder.

## What it does

Resolves `models_path` (and `draft_models_path`) against the directory of the graph file and looks for it. A directory
is wanted; an LLM node also takes a GGUF file. Image nodes refuse paths with `..`.

## Why it is bad

An LLM, image or text-to-speech node refuses the graph. With embeddings, rerank and speech-to-text nodes an exception
escapes the loading: the graph is not even registered, and every later graph of the config.json is skipped.

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
      models_path: "modell"  # error: [GV720]
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

Put the model there, or correct `models_path`; it is relative to the graph's folder.

## Source

OVMS `src/llm/servable_initializer.cpp`, `src/image_gen/imagegen_init.cpp` (2026.4); tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphval.deployment.files import display, exists, is_directory
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.rules.genai.model_folder import entries, has_control_character, resolved
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule
from graphval.rules.nearest import nearest

_ESCAPES = ("Embeddings", "Rerank", "SpeechToText")


@node_rule("GV720", "models-path", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    initializer = initializer_of(node, context)
    options = options_read(node, initializer) if initializer is not None and initializer.kind != "Python" else None
    if initializer is None or options is None:
        return
    for name in ("models_path", "draft_models_path"):
        field = options.first(name)
        if field is None:
            continue
        written = field.string
        message, advice = _wrong_by_itself(initializer.kind, name, written)
        if message:
            yield Hit(field.place, message, help=advice, node=node)
        elif context.no_models:
            yield Skip(f'the model "{written}" is not at hand', node)
        elif written:
            path = resolved(context, written)
            message = _wrong_on_disk(initializer.kind, path)
            if message:
                near = None if exists(path) else _near(path)
                yield Hit(
                    field.place,
                    f'{name} "{written}" {message}',
                    help=f'did you mean "{near}"?' if near else f"it was looked for as {display(path)}",
                    label="the graph is not registered, and later graphs of the config.json are skipped"
                    if initializer.kind in _ESCAPES
                    else "",
                    node=node,
                )


def _wrong_by_itself(kind: str, name: str, written: str) -> tuple[str, str]:
    """What is wrong with a path wherever the files are, and what to do."""
    if not written and kind == "LLM" and name == "models_path":
        return f"{name} is empty", "write the folder of the model, relative to the graph"
    if has_control_character(written):
        return f"{name} holds a control character", "a backslash begins an escape: write / in paths"
    if kind == "Image Gen" and ".." in written.split("/"):
        return (
            f'{name} "{written}" leaves the folder of the graph by ..',
            "move the model below the graph, or name it from /",
        )
    return "", ""


def _wrong_on_disk(kind: str, path: Path) -> str:
    if not exists(path):
        return "does not exist"
    if is_directory(path) or (kind == "LLM" and path.suffix == ".gguf"):
        return ""
    return "is a file, and neither a folder nor .gguf" if kind == "LLM" else "is a file, not a folder"


def _near(path: Path) -> str | None:
    """A folder beside it whose name was likely meant."""
    return nearest(path.name, [entry.name for entry in entries(path.parent) if is_directory(entry)])
