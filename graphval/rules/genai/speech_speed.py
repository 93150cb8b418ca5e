"""The speed limits of a text to speech node are the wrong way round.

## What it does

Compares `speed_min` with `speed_max`, defaults 0.25 and 4 included.

## Why it is bad

OVMS refuses the graph when it loads it: `invalid speed bounds`.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "speaker"
  calculator: "T2sCalculator"
  input_side_packet: "TTS_NODE_RESOURCES:t2s_servable"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: { [type.googleapis.com/mediapipe.T2sCalculatorOptions]: { models_path: "./" speed_min: 5 } }  # error: [GV740]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "speaker"
  calculator: "T2sCalculator"
  input_side_packet: "TTS_NODE_RESOURCES:t2s_servable"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: { [type.googleapis.com/mediapipe.T2sCalculatorOptions]: { models_path: "./" } }
}
```

## How to fix

Write a `speed_min` that is not above `speed_max`.

## Source

OVMS `src/audio/text_to_speech/t2s_servable.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule(
    "GV740",
    "speech-speed",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    prepared_as=("TextToSpeech",),
    written=("speed_min", "speed_max"),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "TextToSpeech")
    if options is None or "speed_min" not in options.type.descriptor.fields_by_name:
        return
    low, high = options.reading["speed_min"], options.reading["speed_max"]
    if not low <= high:
        place = options.place_of("speed_min" if options.first("speed_min") else "speed_max")
        yield Hit(place, f"speed_min {low:g} is above speed_max {high:g}", help="swap them", node=node)
