"""A block of DEVICE_PROPERTIES is not read.

## What it does

Looks at the objects inside `DEVICE_PROPERTIES` of a node's `plugin_config`: each key is a device, each value an
object of strings, numbers and booleans.

## Why it is bad

OVMS passes over whatever has another form, without a word: the settings do not take effect.

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
      plugin_config: '{"DEVICE_PROPERTIES": {"MAX_PROMPT_LEN": 2048}}'  # warning: [GV771]
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
      device: "NPU"
      plugin_config: '{"DEVICE_PROPERTIES": {"NPU": {"MAX_PROMPT_LEN": 2048}}}'
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Write a device's name for each key and an object of plain values for each value.

## Source

OVMS `src/json_parser.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.plugin_settings import PER_DEVICE, SCALARS, plugin_config_of
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule(
    "GV771",
    "device-properties",
    phase=Phase.LOAD,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    written=("plugin_config",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    config = plugin_config_of(node, context)
    root = config.document.root if config is not None and config.readable else None
    block = root.get(PER_DEVICE) if root is not None else None
    if config is None or block is None or block.kind != "object":
        return
    for member in block.members:
        if member.value.kind != "object":
            yield Hit(
                config.key_place(member),
                f'{PER_DEVICE} has no object for "{member.key}"',
                help=f'write {{"{PER_DEVICE}": {{"NPU": {{"{member.key}": …}}}}}}, with the device it is for',
                node=node,
            )
            continue
        for inner in member.value.members:
            if inner.value.kind not in SCALARS:
                yield Hit(
                    config.key_place(inner),
                    f'the value of "{inner.key}" is no string, number or boolean',
                    node=node,
                )
