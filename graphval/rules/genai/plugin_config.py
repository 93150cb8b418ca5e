"""The `plugin_config` of a node is not what OVMS can read.

## What it does

Parses the JSON text in `plugin_config`, with places inside the string: an object whose values are strings, numbers or
booleans; only `DEVICE_PROPERTIES` may hold an object for each device.

## Why it is bad

LLM and image nodes refuse the graph (`Plugin config is in wrong format`), text-to-speech nodes too. Speech-to-text
lets an exception escape, so that the graph is not registered. Embeddings and rerank only log it and go on without the
settings.

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
      models_path: "model"
      plugin_config: '{"NUM_STREAMS": 1}'
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Write a JSON object in one string, its quotes escaped or the string in single quotes.

## Source

OVMS `src/json_parser.cpp` (2026.4); tried on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.plugin_settings import MAX_CHARACTERS, PER_DEVICE, SCALARS, PluginConfig, plugin_config_of
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule
from graphval.textproto import Place

_ONLY_LOGGED = ("Embeddings", "Rerank")
_TOO_LARGE = 2**63
"""From here to 2**64 a whole number is one of 64 bits without a sign, which OVMS does not take; beyond, it is a double."""


@node_rule("GV725", "plugin-config", phase=Phase.LOAD, effect=Effect.REJECT, written=("plugin_config",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    config = plugin_config_of(node, context)
    if config is not None and config.beyond:
        yield Skip(f"its plugin_config and those before it hold more than {MAX_CHARACTERS:,} characters", node)
        return
    found = _problem(config) if config is not None else None
    if config is None or found is None:
        return
    place, what, advice = found
    logged = config.kind in _ONLY_LOGGED
    yield Hit(
        place,
        f"plugin_config {what}",
        help=advice or "write it like '{\"NUM_STREAMS\": 1}', the outer quotes single",
        effect=Effect.WRONG if logged else None,
        severity=Severity.WARNING if logged else None,
        label="OVMS logs this and ignores the settings" if logged else "",
        node=node,
    )


def _problem(config: PluginConfig) -> tuple[Place, str, str] | None:
    """The first thing OVMS cannot read: where, what, and what to do about it."""
    document = config.document
    if document.problems:
        first = document.problems[0]
        return config.place(first.start, first.end), f"is no JSON: {first.message}", first.help
    root = document.root
    if root is None or root.kind != "object":
        return config.field.place, "is no JSON object", ""
    for member in root.members:
        value = member.value
        if member.key == PER_DEVICE and value.kind == "object":
            continue
        if value.kind not in SCALARS:
            says = f'has a value for "{member.key}" that is no string, number or boolean'
            advice = f"settings for one device go into {PER_DEVICE}" if value.kind == "object" else ""
            return config.place_of(value), says, advice
        if type(value.value) is int and value.value >= _TOO_LARGE:
            return config.place_of(value), f'has a number for "{member.key}" that is beyond 64 bits', ""
    return None
