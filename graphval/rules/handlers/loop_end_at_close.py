"""The beginning of a loop over items is run once more when its input closes, and the end of the loop dies of it.

## What it does

Looks for calculators that begin a loop over the items of a collection (`BeginLoop…`) under
`ImmediateInputStreamHandler`, and for the end of that loop (`EndLoop…`, which reads `BATCH_END`) under another handler.

## Why it is bad

A calculator that begins a loop follows how far its input has come. Under this handler it is run once more when the
input is closed, at a time that no packet can have, and hands that time on. The end of the loop counts it up: a failed
check ends the whole server process after each request. Requests to a graph pool close nothing and are spared.

## Bad

```pbtxt graph.pbtxt
input_stream: "TENSOR:in"
output_stream: "TENSOR:out"
node { calculator: "ConcatenateTensorVectorCalculator" input_stream: "in" output_stream: "all" }
node {
  calculator: "BeginLoopTensorCalculator"
  input_stream: "ITERABLE:all"
  output_stream: "ITEM:item"
  output_stream: "BATCH_END:last"
  input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }  # error: [GV514]
}
node {
  calculator: "EndLoopTensorCalculator"
  input_stream: "ITEM:item"
  input_stream: "BATCH_END:last"
  output_stream: "ITERABLE:again"
}
node {
  calculator: "SplitTensorVectorCalculator"
  input_stream: "again"
  output_stream: "out"
  node_options: {
    [type.googleapis.com/mediapipe.SplitVectorCalculatorOptions]: { ranges { begin: 0 end: 1 } element_only: true }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "TENSOR:in"
output_stream: "TENSOR:out"
node { calculator: "ConcatenateTensorVectorCalculator" input_stream: "in" output_stream: "all" }
node {
  calculator: "BeginLoopTensorCalculator"
  input_stream: "ITERABLE:all"
  output_stream: "ITEM:item"
  output_stream: "BATCH_END:last"
}
node {
  calculator: "EndLoopTensorCalculator"
  input_stream: "ITEM:item"
  input_stream: "BATCH_END:last"
  output_stream: "ITERABLE:again"
}
node {
  calculator: "SplitTensorVectorCalculator"
  input_stream: "again"
  output_stream: "out"
  node_options: {
    [type.googleapis.com/mediapipe.SplitVectorCalculatorOptions]: { ranges { begin: 0 end: 1 } element_only: true }
  }
}
```

## How to fix

Leave the nodes of a loop their own handler. Where the handler is the graph's, write `DefaultInputStreamHandler` on them.

## Source

MediaPipe `mediapipe/calculators/core/begin_loop_calculator.h`, `end_loop_calculator.h` and
`mediapipe/framework/stream_handler/immediate_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the framework:
`Cannot directly create a Timestamp with a special value: Timestamp::PostStream()`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.handlers.inputs_apart import IMMEDIATE
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV514", "loop-end-at-close", phase=Phase.SERVE, effect=Effect.ABORT, written=("input_stream_handler",))
def RULE(context: GraphContext) -> Iterator[Answer]:
    if context.pooled:
        return
    for node in context.graph:
        handler = context.handler(node)
        if handler is None or handler.name != IMMEDIATE or not node.registered_as.startswith("BeginLoop"):
            continue
        for end in _ends(context, node):
            yield Hit(
                handler.name_place,
                f'"{node.display}" begins a loop, and is run once more when the request ends',
                help="leave the nodes of a loop their own handler",
                label="the server process dies after each request",
                related=(("the end of the loop", end.calculator_place),),
                node=node,
            )
            break


def _ends(context: GraphContext, begin: Node) -> Iterator[Node]:
    """The ends of a node's loop that wait for all their inputs."""
    for batch_end in begin.outputs.of("BATCH_END"):
        for reader in context.wiring.consumers.get(batch_end.name, ()):
            node = reader.node
            if node is not None and node.registered_as.startswith("EndLoop") and reader.connection.tag == "BATCH_END":
                handler = context.handler(node)
                if handler is None or handler.name != IMMEDIATE:
                    yield node
