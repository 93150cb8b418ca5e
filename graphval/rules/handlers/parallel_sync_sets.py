"""A node with several sync sets runs in parallel.

## What it does

Looks for `max_in_flight` above 1 on a node whose handler makes several sync sets: `SyncSetInputStreamHandler` with
options, or `ImmediateInputStreamHandler` with several inputs.

## Why it is bad

Two sync sets fire for one timestamp at once, and a fatal check ends the whole server process: `Multiple invocations`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  name: "previous"
  calculator: "PreviousLoopbackCalculator"
  input_stream: "MAIN:in"
  input_stream: "LOOP:out"
  output_stream: "PREV_LOOP:prev"
  max_in_flight: 2  # error: [GV511]
  input_stream_info { tag_index: "LOOP" back_edge: true }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options {
      [mediapipe.SyncSetInputStreamHandlerOptions.ext] {
        sync_set { tag_index: "LOOP" }
      }
    }
  }
}
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  input_stream: "prev"
  output_stream: "out"
  output_stream: "unused"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  name: "previous"
  calculator: "PreviousLoopbackCalculator"
  input_stream: "MAIN:in"
  input_stream: "LOOP:out"
  output_stream: "PREV_LOOP:prev"
  input_stream_info { tag_index: "LOOP" back_edge: true }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options {
      [mediapipe.SyncSetInputStreamHandlerOptions.ext] {
        sync_set { tag_index: "LOOP:0" }
      }
    }
  }
}
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  input_stream: "prev"
  output_stream: "out"
  output_stream: "unused"
}
```

## How to fix

Remove `max_in_flight`, or put all streams into one set.

## Source

MediaPipe `mediapipe/framework/calculator_context_manager.cc` (fork of OVMS 2026.4); seen on the real server as
SIGABRT.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.handlers.sync_sets import sync_sets
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV511", "parallel-sync-sets", phase=Phase.SERVE, effect=Effect.ABORT, written=("max_in_flight",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if node.max_in_flight <= 1:
        return
    listed = {
        c.tag_index
        for s in sync_sets(node, context)
        for e in s.tag_indexes
        if (c := node.inputs.find(e.string)) is not None
    }
    several = bool(listed) and len(node.inputs) > 1
    if several or _fires_for_each(node, context):
        yield Hit(
            node.bound.place_of("max_in_flight"),
            f"max_in_flight {node.max_in_flight} cannot be combined with several sync sets",
            help="remove max_in_flight",
            node=node,
        )


def _fires_for_each(node: Node, context: GraphContext) -> bool:
    """Whether the node runs for each input by itself, and several of them bring packets of one moment: what comes back
    in a loop is later than what it came from."""
    contract, handler = context.contract(node), context.handler(node)
    own = contract.input_policy if contract is not None else ""
    chosen = handler.name if handler is not None else own
    return (
        chosen == "ImmediateInputStreamHandler"
        and sum(not context.wiring.is_back_edge(node, connection) for connection in node.inputs) > 1
    )
