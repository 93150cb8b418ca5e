"""A stream handler's batch size is below one, or cannot go with parallel execution.

## What it does

Checks `batch_size` of `DefaultInputStreamHandlerOptions` on nodes that use the default or the fixed size handler: it
is at least 1, and exactly 1 where `max_in_flight` is above 1. The graph's own handler is that of the nodes inside its
subgraphs, too.

## Why it is bad

The handler is built while OVMS loads the graph, and its check is fatal: the whole server process aborts at server
start. With a graph pool a request does not complete a batch above 1, since the inputs of a pooled graph stay open: it
is answered without the outputs.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  input_stream_handler {
    input_stream_handler: "DefaultInputStreamHandler"
    options {
      [mediapipe.DefaultInputStreamHandlerOptions.ext] {
        batch_size: 0  # error: [GV506]
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
    input_stream_handler: "DefaultInputStreamHandler"
    options {
      [mediapipe.DefaultInputStreamHandlerOptions.ext] {
        batch_size: 1
      }
    }
  }
}
```

## How to fix

Write a `batch_size` of 1 or more, and leave `max_in_flight` away where it is more than 1.

## Source

MediaPipe `mediapipe/framework/input_stream_handler.cc` (fork of OVMS 2026.4); seen on the real server as SIGABRT at
load.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Handler, Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

OPTIONS = "mediapipe.DefaultInputStreamHandlerOptions"
HANDLERS = ("DefaultInputStreamHandler", "FixedSizeInputStreamHandler")


@node_rule("GV506", "batch-size", phase=Phase.LOAD, effect=Effect.ABORT, written=("batch_size",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = context.handler(node) or _unnamed(node, context) or _handed_down(node, context)
    if handler is None or (handler.name and handler.name not in HANDLERS):
        return
    options = handler.options_of(OPTIONS)
    batch = options.first("batch_size") if options is not None else None
    if batch is None or not isinstance(batch.value, int):
        return
    if batch.value < 1:
        yield Hit(
            batch.place, f"batch_size must be at least 1, not {batch.value}", help="write batch_size: 1", node=node
        )
    elif batch.value != 1 and node.max_in_flight > 1 and not context.drops_scheduling(node):
        yield Hit(
            batch.place,
            f"batch_size {batch.value} cannot be combined with max_in_flight {node.max_in_flight}",
            help="remove one of the two",
            node=node,
            related=(("executed in parallel", node.bound.place_of("max_in_flight")),),
        )
    elif batch.value > 1 and context.pooled:
        yield Hit(
            batch.place,
            f"the node waits for {batch.value} packets, and a request to a graph pool brings one",
            help="write batch_size: 1, or remove the OVMS_GRAPH_QUEUE_MAX_SIZE line",
            node=node,
            phase=Phase.SERVE,
            effect=Effect.WRONG,
            severity=Severity.WARNING,
        )


def _unnamed(node: Node, context: GraphContext) -> Handler | None:
    """A handler block without a name: its options count where the calculator asks for no handler of its own."""
    contract = context.contract(node)
    if node.handler is None or contract is None or contract.input_policy != "default":
        return None
    return node.handler


def _handed_down(node: Node, context: GraphContext) -> Handler | None:
    """The graph's handler, which the nodes get that a subgraph consists of."""
    handler = context.graph.handler if context.drops_scheduling(node) else None
    return handler if handler is not None and handler.name else None
