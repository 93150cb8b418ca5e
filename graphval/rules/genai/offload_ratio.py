"""Weights are to be offloaded, and cannot be.

## What it does

Looks at `OFFLOAD_RATIO` in a `plugin_config`: it needs `WEIGHTS_PATH` beside it, and 100 turns it off.

## Why it is bad

The setting is taken and does not do what is written: the GPU keeps all weights in its memory, or the model does not
load. In public threads people found that `WEIGHTS_PATH` must be given by hand, and that a ratio of 100 silently
disables offloading.

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
      device: "GPU"
      plugin_config: '{"OFFLOAD_RATIO": 50}'  # warning: [GV775]
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
      device: "GPU"
      plugin_config: '{"OFFLOAD_RATIO": 50, "WEIGHTS_PATH": "model/openvino_model.bin"}'
    }
  }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## How to fix

Add `WEIGHTS_PATH`, and write a ratio below 100.

## Source

openvinotoolkit/model_server issue 4580 and openvinotoolkit/openvino issue 37737, read for 2026.4.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.plugin_settings import plugin_config_of
from graphval.rules.mechanism import Answer, Hit, node_rule

_KEY = "OFFLOAD_RATIO"
_OFF = (100, "100")


@node_rule(
    "GV775",
    "offload-ratio",
    phase=Phase.LOAD,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    written=("plugin_config",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    config = plugin_config_of(node, context)
    if config is None:
        return
    with_weights = {setting.device for setting in config.settings if setting.key == "WEIGHTS_PATH"}
    for setting in config.settings:
        if setting.key != _KEY:
            continue
        if setting.value.value in _OFF:
            yield Hit(
                config.place_of(setting.value),
                f"{_KEY} of 100 turns offloading off",
                help="write a number from 1 to 99",
                node=node,
            )
        elif setting.device not in with_weights:
            yield Hit(
                config.key_place(setting.member),
                f"{_KEY} needs WEIGHTS_PATH beside it",
                help='add "WEIGHTS_PATH": "…/openvino_model.bin"',
                node=node,
            )
