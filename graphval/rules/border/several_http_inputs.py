"""A graph for `/v3` has more than one input.

## What it does

Looks at graphs whose nodes take the HTTP payload: they have exactly one graph input.

## Why it is bad

OVMS pushes one packet, to the input called `input`. The graph loads, and requests that do not stream fail: `Not all
input packets created`.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
input_stream: "hint"  # error: [GV751]
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "speaker"
  calculator: "T2sCalculator"
  input_side_packet: "TTS_NODE_RESOURCES:t2s_servable"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: { [type.googleapis.com/mediapipe.T2sCalculatorOptions]: { models_path: "model" } }
}
node { calculator: "PassThroughCalculator" input_stream: "hint" output_stream: "echo" }
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
  node_options: {
    [type.googleapis.com/mediapipe.T2sCalculatorOptions]: {
      models_path: "model"
    }
  }
}
```

## How to fix

Leave one input.

## Source

OVMS `src/mediapipe_internal/mediapipegraphexecutor.hpp`, `src/http_frontend` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.graph_border import HTTP_INPUT
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import OTHER_INPUT

_WHOLE = "REQUEST"


@graph_rule("GV751", "several-http-inputs", phase=Phase.SERVE, effect=Effect.REJECT, signs=(OTHER_INPUT,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    inputs = list(context.graph.inputs)
    if not context.border.speaks_http or not any(c.name == HTTP_INPUT for c in inputs):
        return
    if any(c.tag.startswith(_WHOLE) for c in inputs):
        return  # taken for a graph that passes whole requests on, and refused as such
    for connection in inputs:
        if connection.text and connection.name != HTTP_INPUT:
            yield Hit(
                connection.place,
                f'/v3 requests carry nothing for "{connection.name}"',
                help="a graph for /v3 has one input, called input: remove this one",
            )
