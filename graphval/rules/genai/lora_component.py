"""A blended LoRA adapter names an adapter that is not there.

## What it does

Looks the `adapter_alias` of each component of `composite_lora_adapters` up among the `lora_adapters` of the node.

## Why it is bad

The blend cannot be made of what is not registered: requests for it do not get what is written.

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
      lora_adapters { alias: "ink" path: "ink.safetensors" }
      composite_lora_adapters {
        alias: "mix"
        components { adapter_alias: "ink" alpha: 0.7 }
        components { adapter_alias: "oli" alpha: 0.3 }  # warning: [GV732]
      }
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
      lora_adapters { alias: "ink" path: "ink.safetensors" }
      lora_adapters { alias: "oil" path: "oil.safetensors" }
      composite_lora_adapters {
        alias: "mix"
        components { adapter_alias: "ink" alpha: 0.7 }
        components { adapter_alias: "oil" alpha: 0.3 }
      }
    }
  }
}
```

## How to fix

Name an adapter of `lora_adapters`.

## Source

OVMS `docs/image_generation/reference.md` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest


@node_rule(
    "GV732",
    "lora-component",
    phase=Phase.SERVE,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    prepared_as=("Image Gen",),
    written=("composite_lora_adapters",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "Image Gen")
    if options is None:
        return
    aliases = [alias.string for adapter in options.messages("lora_adapters") if (alias := adapter.first("alias"))]
    for blend in options.messages("composite_lora_adapters"):
        for component in blend.messages("components"):
            named = component.first("adapter_alias")
            if named is not None and named.string not in aliases:
                near = nearest(named.string, aliases)
                yield Hit(
                    named.place,
                    f'no adapter of this node is called "{named.string}"',
                    help=f"did you mean {near}?" if near else f"it has {', '.join(aliases) or 'none'}",
                    node=node,
                )
