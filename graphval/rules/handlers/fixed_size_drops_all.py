"""FixedSizeInputStreamHandler is told to keep no packet.

## What it does

Looks for `trigger_queue_size: 0` together with `target_queue_size: 0` where `fixed_min_size` is not set.

## Why it is bad

The handler drops what arrives before the node sees it. The graph is AVAILABLE, and requests fail since outputs stay
empty.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  input_stream_handler {
    input_stream_handler: "FixedSizeInputStreamHandler"
    options {
      [mediapipe.FixedSizeInputStreamHandlerOptions.ext] {
        trigger_queue_size: 0
        target_queue_size: 0  # warning: [GV507]
      }
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  input_stream_handler {
    input_stream_handler: "FixedSizeInputStreamHandler"
    options { [mediapipe.FixedSizeInputStreamHandlerOptions.ext] { trigger_queue_size: 1 target_queue_size: 1 } }
  }
}
```

## How to fix

Set `fixed_min_size: true`, or write sizes above 0.

## Source

MediaPipe `mediapipe/framework/stream_handler/fixed_size_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the
real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

HANDLER = "FixedSizeInputStreamHandler"
OPTIONS = "mediapipe.FixedSizeInputStreamHandlerOptions"


@node_rule(
    "GV507",
    "fixed-size-drops-all",
    phase=Phase.SERVE,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    written=("input_stream_handler",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = context.handler(node)
    if handler is None or handler.name != HANDLER or not node.inputs:
        return
    options = handler.options_of(OPTIONS)
    if options is None or options.reading["fixed_min_size"]:
        return
    target = options.first("target_queue_size")
    if target is not None and target.value == 0 == options.reading["trigger_queue_size"]:
        yield Hit(
            target.place,
            "the node keeps no packet that arrives",
            help="write target_queue_size: 1",
            node=node,
        )
