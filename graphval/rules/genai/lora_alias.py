"""Two LoRA adapters, or an adapter and another servable, go by one name.

## What it does

Collects the `alias` of every adapter of the image generation nodes, blended ones included, and compares them with
each other, with the models of the deployment and with the graphs that are listed before.

## Why it is bad

Requests choose an adapter by its alias in the field `model`, as they choose a graph or a model. OVMS refuses a graph
whose alias is another servable's name: `LoRA alias in graph … conflicts with an existing servable`. Of two adapters
with one alias only one can be reached.

## Bad

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [{"name": "first"}, {"name": "second"}]
}
```

```pbtxt first/graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

```pbtxt second/graph.pbtxt
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
      lora_adapters { alias: "first" path: "style.safetensors" }  # error: [GV731]
    }
  }
}
```

```json second/model/model_index.json
{}
```

```text second/style.safetensors
weights
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
    }
  }
}
```

## How to fix

Give each adapter an alias that nothing else has.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp`, `docs/image_generation/reference.md` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.textproto import BoundField, Place


@graph_rule("GV731", "lora-alias", phase=Phase.LOAD, effect=Effect.REJECT, written=("lora_adapters",))
def RULE(context: GraphContext) -> Iterator[Answer]:
    taken = _other_servables(context)
    for node in context.graph:
        options = options_of_kind(node, context, "Image Gen")
        if options is None:
            continue
        first_of: dict[str, BoundField] = {}
        for name in ("lora_adapters", "composite_lora_adapters"):
            for adapter in options.messages(name):
                alias = adapter.first("alias")
                if alias is None:
                    continue
                first = first_of.setdefault(alias.string, alias)
                if alias.string in taken:
                    place = taken[alias.string]
                    yield Hit(
                        alias.place,
                        f'"{alias.string}" is already the name of another servable',
                        help="rename the adapter",
                        related=(("the other one", place),) if place is not None else (),
                        node=node,
                    )
                elif first is not alias:
                    yield Hit(
                        alias.place,
                        f'two adapters are called "{alias.string}"',
                        help="requests choose an adapter by its alias: give each its own",
                        related=(("the first one", first.place),),
                        effect=Effect.WRONG,
                        severity=Severity.WARNING,
                        node=node,
                    )


def _other_servables(context: GraphContext) -> dict[str, Place | None]:
    """Names that are taken when OVMS loads this graph: models, and graphs listed before it."""
    taken: dict[str, Place | None] = {model.name: model.name_place for model in context.deployment.models}
    for entry in context.deployment.graphs:
        if entry is context.entry:
            break
        taken.setdefault(entry.name, entry.name_place)
    taken.pop(context.entry.name, None)
    return taken
