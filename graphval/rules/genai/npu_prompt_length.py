"""An embeddings model is compiled for NPU without a length of its own.

## What it does

Looks at embeddings nodes on NPU without `MAX_PROMPT_LEN` in `plugin_config`.

## Why it is bad

NPU compiles for one fixed length, 1024 tokens unless it is told another. In a public thread such a model took 13
minutes to load, and 18 seconds with a length that fits the texts.

## Bad

```pbtxt graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "embedder"
  calculator: "EmbeddingsCalculatorOV"
  input_side_packet: "EMBEDDINGS_NODE_RESOURCES:embeddings_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: {
      models_path: "model"
      target_device: "NPU"  # warning: [GV782]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "REQUEST_PAYLOAD:input"
output_stream: "RESPONSE_PAYLOAD:output"
node {
  name: "embedder"
  calculator: "EmbeddingsCalculatorOV"
  input_side_packet: "EMBEDDINGS_NODE_RESOURCES:embeddings_servable"
  input_stream: "REQUEST_PAYLOAD:input"
  output_stream: "RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.EmbeddingsCalculatorOVOptions]: {
      models_path: "model"
      target_device: "NPU"
      plugin_config: '{"MAX_PROMPT_LEN": 256}'
    }
  }
}
```

## How to fix

Set `MAX_PROMPT_LEN` in `plugin_config`.

## Source

OVMS `src/sidepacket_servable.cpp` (2026.4); openvinotoolkit/model_server pull request 4496.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.plugin_settings import plugin_config_of
from graphval.rules.mechanism import Answer, Hit, node_rule

_KEY = "MAX_PROMPT_LEN"


@node_rule(
    "GV782",
    "npu-prompt-length",
    phase=Phase.LOAD,
    effect=Effect.ADVICE,
    severity=Severity.WARNING,
    prepared_as=("Embeddings",),
    written=("target_device",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "Embeddings")
    device = options.first("target_device") if options is not None else None
    if device is None or device.string != "NPU":
        return
    config = plugin_config_of(node, context)
    if config is None or (config.readable and not any(setting.key == _KEY for setting in config.settings)):
        yield Hit(
            device.place,
            "the model is compiled for 1024 tokens, which takes long",
            help=f"write plugin_config: '{{\"{_KEY}\": 256}}', with the length of your texts",
            node=node,
        )
