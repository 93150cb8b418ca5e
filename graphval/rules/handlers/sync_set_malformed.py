"""A sync set entry is not of the form `TAG:index`.

## What it does

Checks the form of each `tag_index` in the options of `SyncSetInputStreamHandler`: a tag in upper case, a colon, a
number.

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
        sync_set { tag_index: "loop:0" }  # error: [GV504]
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

Write `TAG:index` with a tag of the node in capital letters and a number.

## Source

MediaPipe `mediapipe/framework/stream_handler/sync_set_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the real
server as SIGABRT.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.graph.tagmap import parse_tag_index
from graphval.rules.context import GraphContext
from graphval.rules.handlers.sync_sets import inputs_of, sync_sets
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest


@node_rule(
    "GV504", "sync-set-malformed", phase=Phase.CREATE, effect=Effect.ABORT, start_run=True, written=("sync_set",)
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for sync_set in sync_sets(node, context):
        for entry in sync_set.tag_indexes:
            text = entry.string
            if parse_tag_index(text) is not None:
                continue
            near = nearest(text, (c.tag_index for c in node.inputs))
            yield Hit(
                entry.place,
                f'"{text}" is not of the form "TAG:index"',
                help=f'write "{near}"' if near else f"the node has {inputs_of(node)}",
                label=f'node "{node.display}" has {inputs_of(node)}',
                node=node,
            )
