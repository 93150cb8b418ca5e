"""A sync set names a stream that the node does not have.

## What it does

Compares each `tag_index` in the options of `SyncSetInputStreamHandler` with the input streams of the node. The index
counts streams of one tag: a second tag does not make it 1. A handler at graph level applies to every node without one
of its own, and to those that a subgraph consists of.

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
        sync_set { tag_index: "LOOP:1" }  # error: [GV501]
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

Write the `TAG:index` of an input of this node; a tag that one input has takes the index 0. `graphval lint --fix` does
it where only one can be meant.

## Source

MediaPipe `mediapipe/framework/stream_handler/sync_set_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the real
server as SIGABRT.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.catalog import Calculator
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.graph.tagmap import parse_tag_index
from graphval.rules.context import GraphContext
from graphval.rules.handlers.sync_sets import inputs_of, sync_sets, sync_sets_of
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest, respelt_tag

_MESSAGE = "SyncSetInputStreamHandler names a stream that this node does not have"


@node_rule(
    "GV501", "sync-set-unknown-stream", phase=Phase.CREATE, effect=Effect.ABORT, start_run=True, written=("sync_set",)
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if context.drops_scheduling(node):
        yield from _inside(node, context)
        return
    for sync_set in sync_sets(node, context) if node.inputs.sound else ():
        for entry in sync_set.tag_indexes:
            text = entry.string
            if parse_tag_index(text) is None or node.inputs.find(text) is not None:
                continue
            tag = text.partition(":")[0]
            same_tag = [c.tag_index for c in node.inputs if c.tag == tag]
            near = same_tag[0] if same_tag else nearest(text, [c.tag_index for c in node.inputs])
            yield Hit(
                entry.place,
                _MESSAGE,
                help=f'write "{near}"' if near else f"the node has {inputs_of(node)}",
                label=f'node "{node.display}" has {inputs_of(node)}',
                node=node,
                fix=respelt_tag(entry.place, text, [c.tag_index for c in node.inputs]),
            )


def _inside(node: Node, context: GraphContext) -> Iterator[Hit]:
    """The graph's own handler, which the nodes get that a subgraph consists of, each of them."""
    contract = context.contract(node)
    inner = [context.catalog.calculator(name) for name in contract.expands_to] if contract is not None else []
    for sync_set in sync_sets_of(context.graph.handler):
        for entry in sync_set.tag_indexes:
            parsed = parse_tag_index(entry.string)
            without = next((c for c in inner if c is not None and parsed is not None and _lacks(c, parsed[0])), None)
            if without is not None:
                yield Hit(
                    entry.place,
                    _MESSAGE,
                    help="write the handler on the nodes that it is for",
                    label=f'{without.name} inside "{node.display}" has none',
                    node=node,
                )
                return


def _lacks(calculator: Calculator, tag: str) -> bool:
    return calculator.kind == "calculator" and all(port.tag not in (tag, "*") for port in calculator.inputs)
