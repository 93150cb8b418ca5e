"""The model folder of a node does not exist.

## What it does

Resolves `models_path` (and `draft_models_path`) against the directory of the graph file and looks for it.

## Why it is bad

An LLM, image or speech node refuses the graph. With embeddings, rerank and speech-to-text nodes an exception escapes
the loading: the graph is not even registered, and every later graph of the config.json is skipped.

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
      models_path: "no-such-model"  # error: [GV720]
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
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
      models_path: "./"
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## Source

OVMS `src/llm/servable_initializer.cpp` (2026.4); tried on the real server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from graphval.deployment.files import display
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule

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
        path = Path(os.path.normpath(context.entry.base_path / written))
        if not written and initializer.kind == "LLM" and name == "models_path":
            yield Hit(
                field.place, f"{name} is empty", help="write the folder of the model, relative to the graph", node=node
            )
        elif any(ord(character) < 32 for character in written):
            yield Hit(
                field.place,
                f"{name} holds a control character",
                help="a backslash begins an escape: write / in paths",
                node=node,
            )
        elif context.no_models:
            yield Skip(f'the model "{written}" is not at hand', node)
        elif written and not path.exists():
            yield Hit(
                field.place,
                f'{name} "{written}" does not exist',
                help=f"it was looked for as {display(path)}",
                label="the graph is not registered, and later graphs of the config.json are skipped"
                if initializer.kind in _ESCAPES
                else "",
                node=node,
            )
