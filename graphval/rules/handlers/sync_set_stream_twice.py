"""A stream stands in two sync sets.

## What it does

Looks for an input stream that the options of `SyncSetInputStreamHandler` list twice, in one set or in two. `LOOP` and
`LOOP:0` are the same stream.

## Why it is bad

The graph loads and is AVAILABLE. The first request starts it, a fatal check fails, and the whole server process
aborts. With a graph pool it aborts at server start.

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
  input_stream_info { tag_index: "LOOP" back_edge: true }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options {
      [mediapipe.SyncSetInputStreamHandlerOptions.ext] {
        sync_set { tag_index: "LOOP" }
        sync_set { tag_index: "LOOP:0" }  # error: [GV502]
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

Leave the stream in one of the sets.

## Source

MediaPipe `mediapipe/framework/stream_handler/sync_set_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the real
server as SIGABRT.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.handlers.sync_sets import sync_sets
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import BoundField


@node_rule(
    "GV502", "sync-set-stream-twice", phase=Phase.CREATE, effect=Effect.ABORT, start_run=True, written=("sync_set",)
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    first_of: dict[tuple[str, int], BoundField] = {}
    for sync_set in sync_sets(node, context):
        for entry in sync_set.tag_indexes:
            connection = node.inputs.find(entry.string)
            if connection is None:
                continue
            first = first_of.setdefault((connection.tag, connection.index), entry)
            if first is not entry:
                yield Hit(
                    entry.place,
                    f"the stream {connection.tag_index} is in more than one sync set",
                    help="keep one of the two entries",
                    related=(("the first entry", first.place),),
                    node=node,
                )
