"""TimestampAlignInputStreamHandler has no such base stream.

## What it does

Checks `timestamp_base_tag_index`: it has the form `TAG:index` and names an input of the node. Without it the base is
the first untagged input, which must then exist.

## Why it is bad

The handler is built while OVMS loads the graph, and its check is fatal: the whole server process aborts at server
start.

## Bad

```pbtxt graph.pbtxt
input_stream: "a"
input_stream: "b"
output_stream: "out_a"
output_stream: "out_b"
node {
  calculator: "PassThroughCalculator"
  input_stream: "A:a"
  input_stream: "B:b"
  output_stream: "A:out_a"
  output_stream: "B:out_b"
  input_stream_handler {
    input_stream_handler: "TimestampAlignInputStreamHandler"
    options {
      [mediapipe.TimestampAlignInputStreamHandlerOptions.ext] {
        timestamp_base_tag_index: "C:0"  # error: [GV505]
      }
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "a"
input_stream: "b"
output_stream: "out_a"
output_stream: "out_b"
node {
  calculator: "PassThroughCalculator"
  input_stream: "A:a"
  input_stream: "B:b"
  output_stream: "A:out_a"
  output_stream: "B:out_b"
  input_stream_handler {
    input_stream_handler: "TimestampAlignInputStreamHandler"
    options {
      [mediapipe.TimestampAlignInputStreamHandlerOptions.ext] {
        timestamp_base_tag_index: "A:0"
      }
    }
  }
}
```

## How to fix

Name an input of the node as `TAG:index` in `timestamp_base_tag_index`.

## Source

MediaPipe `mediapipe/framework/stream_handler/timestamp_align_input_stream_handler.cc` (fork of OVMS 2026.4); seen on
the real server as SIGABRT at load.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.graph.tagmap import parse_tag_index
from graphval.rules.context import GraphContext
from graphval.rules.handlers.sync_sets import inputs_of
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest, respelt_tag

HANDLER = "TimestampAlignInputStreamHandler"
OPTIONS = "mediapipe.TimestampAlignInputStreamHandlerOptions"


@node_rule("GV505", "timestamp-align-base", phase=Phase.LOAD, effect=Effect.ABORT, written=("input_stream_handler",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = context.handler(node)
    if handler is None or handler.name != HANDLER or not node.inputs.sound:
        return
    options = handler.options_of(OPTIONS)
    base = options.first("timestamp_base_tag_index") if options is not None else None
    text = base.string if base is not None else ""
    if node.inputs.find(text) is not None:
        return
    near = nearest(text, [c.tag_index for c in node.inputs]) if text else None
    inputs = [c.tag_index for c in node.inputs]
    if base is None:
        message = f'"{node.display}" has no untagged input to align timestamps with'
    elif parse_tag_index(text) is None:
        message = f'"{text}" is not of the form "TAG:index"'
    else:
        message = f'TimestampAlignInputStreamHandler names "{text}", which is no input of this node'
    yield Hit(
        base.place if base is not None else handler.name_place,
        message,
        help=f'write timestamp_base_tag_index: "{near or inputs[0]}"' if inputs else "use another handler",
        label=f'node "{node.display}" has {inputs_of(node)}',
        node=node,
        fix=respelt_tag(base.place, text, inputs) if base is not None and text else (),
    )
