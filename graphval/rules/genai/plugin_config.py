"""The `plugin_config` of a node is not what OVMS can read.

## What it does

Parses the JSON text in `plugin_config`: an object whose values are strings, numbers or booleans; only
`DEVICE_PROPERTIES` may hold objects.

## Why it is bad

LLM and image nodes refuse the graph (`Plugin config is in wrong format`). Speech-to-text lets an exception escape, so
that the graph is not registered. Embeddings and rerank only log it and go on without the settings.

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
      models_path: "./"
      plugin_config: "{'NUM_STREAMS': 1}"  # error: [GV725]
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
      plugin_config: '{"NUM_STREAMS": 1}'
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## Source

OVMS `src/json_parser.cpp` (2026.4); tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.json_text import read_json
from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of, options_read
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import BoundField, Source

_ONLY_LOGGED = ("Embeddings", "Rerank")


@node_rule("GV725", "plugin-config", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    initializer = initializer_of(node, context)
    options = options_read(node, initializer) if initializer is not None else None
    field = options.first("plugin_config") if options is not None else None
    if initializer is None or field is None or not field.string:
        return
    what = _problem(field.string, field)
    if what is None:
        return
    logged = initializer.kind in _ONLY_LOGGED
    yield Hit(
        field.place,
        f"plugin_config {what}",
        help="write it like '{\"NUM_STREAMS\": 1}', the outer quotes single",
        effect=Effect.WRONG if logged else None,
        severity=Severity.WARNING if logged else None,
        label="OVMS logs this and ignores the settings" if logged else "",
        node=node,
    )


def _problem(text: str, field: BoundField) -> str | None:
    document = read_json(Source("plugin_config", text))
    if document.problems:
        return f"is no JSON: {document.problems[0].message}"
    root = document.root
    if root is None or root.kind != "object":
        return "is no JSON object"
    for member in root.members:
        if member.value.kind in ("string", "number", "boolean"):
            continue
        if member.key == "DEVICE_PROPERTIES" and member.value.kind == "object":
            continue
        return f'has a value for "{member.key}" that is no string, number or boolean'
    return None
