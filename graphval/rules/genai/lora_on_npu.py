"""A LoRA adapter is to be switched at run time on NPU.

## What it does

Looks at image nodes with NPU among their devices: adapters there are of mode `STATIC` (the default is `DYNAMIC`) or
`FUSE`.

## Why it is bad

On NPU an adapter is compiled into the model. OVMS has rules of its own for adapters on NPU, and refuses graphs that
break them.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "painter"
  calculator: "ImageGenCalculator"
  input_side_packet: "IMAGE_GEN_NODE_RESOURCES:pipes"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.ImageGenCalculatorOptions]: {
      models_path: "model"
      device: "NPU"
      resolution: "512x512"
      lora_adapters { alias: "ink" path: "ink.safetensors" }  # warning: [GV734]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "painter"
  calculator: "ImageGenCalculator"
  input_side_packet: "IMAGE_GEN_NODE_RESOURCES:pipes"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: {
    [type.googleapis.com/mediapipe.ImageGenCalculatorOptions]: {
      models_path: "model"
      device: "NPU"
      resolution: "512x512"
      lora_adapters { alias: "ink" path: "ink.safetensors" mode: STATIC }
    }
  }
}
```

## How to fix

Choose another device, or merge the adapter into the model.

## Source

OVMS `docs/image_generation/reference.md` and `src/image_gen/imagegen_init.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule

_AT_RUN_TIME = "DYNAMIC"


@node_rule(
    "GV734",
    "lora-on-npu",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
    prepared_as=("Image Gen",),
    written=("lora_adapters",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "Image Gen")
    device = options.first("device") if options is not None else None
    if options is None or device is None or "NPU" not in device.string:
        return
    for adapter in options.messages("lora_adapters"):
        mode = adapter.first("mode")
        if mode is None or mode.text == _AT_RUN_TIME:
            yield Hit(
                adapter.place_of("mode"),
                "on NPU an adapter cannot be switched at run time",
                help="write mode: STATIC",
                related=(("the device", device.place),),
                node=node,
            )
