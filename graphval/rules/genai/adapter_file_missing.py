"""A file of adapter weights or of a voice does not exist.

## What it does

Looks for the `path` of each LoRA adapter of an image node, relative to the directory of the graph, and for the
absolute `path` of each voice of a text-to-speech node.

## Why it is bad

OVMS refuses the graph when it loads it: `Failed to create Image Generation pipelines`, or `Requested voice speaker
embeddings file does not exist`.

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
      lora_adapters { alias: "ink" path: "ink.safetensor" }  # error: [GV733]
    }
  }
}
```

```json model/model_index.json
{}
```

```text ink.safetensors
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
    }
  }
}
```

```json model/model_index.json
{}
```

```text ink.safetensors
weights
```

## How to fix

Put the file there, or correct the path; it is relative to the graph's folder.

## Source

OVMS `src/image_gen/pipelines.cpp`, `src/audio/text_to_speech/t2s_servable.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphval.deployment.files import display, exists
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.genai.model_folder import entries, resolved
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule
from graphval.rules.nearest import nearest
from graphval.textproto import BoundField

_LISTS = (("Image Gen", "lora_adapters", "adapter"), ("TextToSpeech", "voices", "voice"))


@node_rule(
    "GV733",
    "adapter-file-missing",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    prepared_as=(
        "Image Gen",
        "TextToSpeech",
    ),
    written=(
        "lora_adapters",
        "voices",
    ),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for kind, name, called in _LISTS:
        options = options_of_kind(node, context, kind)
        for entry in options.messages(name) if options is not None else ():
            field = entry.first("path")
            if field is not None and field.string:
                yield from _missing(field, called, node, context)


def _missing(field: BoundField, called: str, node: Node, context: GraphContext) -> Iterator[Answer]:
    path = resolved(context, field.string)
    if context.no_models:
        yield Skip(f'the {called} "{field.string}" is not at hand', node)
    elif exists(path):
        return
    elif called == "voice" and not Path(field.string).is_absolute():
        # Which directory a relative one starts from has changed between releases.
        yield Skip(f'where the server looks for the voice "{field.string}" depends on where it is started', node)
    else:
        near = nearest(path.name, [entry.name for entry in entries(path.parent)])
        yield Hit(
            field.place,
            f'the file "{field.string}" of the {called} does not exist',
            help=f"did you mean {near}?" if near else f"it was looked for as {display(path)}",
            node=node,
        )
