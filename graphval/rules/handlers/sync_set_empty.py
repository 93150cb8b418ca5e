"""A sync set lists no streams.

## What it does

Looks for `sync_set { }` without a `tag_index`.

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
        sync_set { }  # error: [GV503]
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

List the streams of the set, or remove it.

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


@node_rule("GV503", "sync-set-empty", phase=Phase.CREATE, effect=Effect.ABORT, start_run=True, written=("sync_set",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for sync_set in sync_sets(node, context):
        if not sync_set.tag_indexes:
            yield Hit(
                sync_set.block.place,
                "the sync set lists no streams",
                node=node,
                help="remove it, or add tag_index entries: streams in no set form one of their own",
            )
