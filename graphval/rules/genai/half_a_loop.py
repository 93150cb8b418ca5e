"""A speech-to-text node has its loop on the input only.

## What it does

Looks at `S2tCalculator` nodes with an input `LOOPBACK` and no output `LOOPBACK`: the input alone turns streaming on.

## Why it is bad

The first piece of a streamed answer is written to an output that does not exist, and the whole server process ends.

## Bad

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "listener"
  calculator: "S2tCalculator"
  input_side_packet: "STT_NODE_RESOURCES:s2t_servable"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  input_stream: "LOOPBACK:tick"  # error: [GV742]
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  node_options: { [type.googleapis.com/mediapipe.S2tCalculatorOptions]: { models_path: "model" } }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
node {
  calculator: "SidePacketToStreamCalculator"
  input_side_packet: "value"
  output_stream: "AT_ZERO:tick"
}
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:value"
  options { [mediapipe.ConstantSidePacketCalculatorOptions.ext] { packet { bool_value: true } } }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "HTTP_REQUEST_PAYLOAD:input"
output_stream: "HTTP_RESPONSE_PAYLOAD:output"
node {
  name: "listener"
  calculator: "S2tCalculator"
  input_side_packet: "STT_NODE_RESOURCES:s2t_servable"
  input_stream: "HTTP_REQUEST_PAYLOAD:input"
  input_stream: "LOOPBACK:loopback"
  output_stream: "HTTP_RESPONSE_PAYLOAD:output"
  output_stream: "LOOPBACK:loopback"
  input_stream_info { tag_index: "LOOPBACK:0" back_edge: true }
  node_options: { [type.googleapis.com/mediapipe.S2tCalculatorOptions]: { models_path: "model" } }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
}
```

## Source

OVMS `src/audio/speech_to_text/s2t_calculator.cc` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of
from graphval.rules.mechanism import Answer, Hit, node_rule

_LOOP = "LOOPBACK"


@node_rule("GV742", "half-a-loop", phase=Phase.SERVE, effect=Effect.ABORT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    initializer = initializer_of(node, context)
    if initializer is None or initializer.kind != "SpeechToText":
        return
    loop = next((c for c in node.inputs if c.tag == _LOOP), None)
    if loop is None or any(c.tag == _LOOP for c in node.outputs):
        return
    if context.wiring.producers.get(loop.name):
        yield Hit(
            loop.place,
            "a streamed answer goes on by the output LOOPBACK, which is missing",
            help=f'add output_stream: "{_LOOP}:loopback" and read it here, as a back edge',
            node=node,
        )
