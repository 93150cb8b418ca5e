"""A stream handler is given options that it does not read.

## What it does

Compares the options in an `input_stream_handler` block with the handler that comes into force: the one that is named
there; without a name, the default handler, as far as the calculator asks for no other one. A block of the graph that
names no handler is handed to no node.

## Why it is bad

MediaPipe does not mind options of another handler: they are as if they were not written. Inputs that sync sets were to
part are then waited for together, which can keep a loop from ever turning.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
input_stream: "more"
output_stream: "out"
node {
  calculator: "MergeCalculator"
  input_stream: "in"
  input_stream: "more"
  output_stream: "out"
  input_stream_handler {
    input_stream_handler: "DefaultInputStreamHandler"
    options {
      [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: ":0" } }  # warning: [GV517]
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
input_stream: "more"
output_stream: "out"
node {
  calculator: "MergeCalculator"
  input_stream: "in"
  input_stream: "more"
  output_stream: "out"
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options {
      [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: ":0" } }
    }
  }
}
```

## How to fix

Name the handler that the options are for, or remove them.

## Source

MediaPipe `mediapipe/framework/calculator_node.cc`, `validated_graph_config.cc` and `stream_handler/*.cc` (fork of OVMS
2026.4): which handler counts, and what each reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Handler, Node
from graphval.rules.context import GraphContext
from graphval.rules.handlers.batch_size import HANDLERS, OPTIONS
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.textproto import BoundMessage

_DEFAULT = "DefaultInputStreamHandler"


@graph_rule(
    "GV517",
    "handler-options-not-read",
    phase=Phase.LOAD,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    written=("input_stream_handler",),
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    if graph.handler is not None:
        yield from _unread(context, graph.handler, graph.handler.name, None)
    for node in graph:
        contract = context.contract(node)
        if node.handler is None or contract is None or context.drops_scheduling(node):
            continue
        own = _DEFAULT if contract.input_policy in ("default", "n/a") else contract.input_policy
        yield from _unread(context, node.handler, node.handler.name or own, node)


def _unread(context: GraphContext, handler: Handler, name: str, node: Node | None) -> Iterator[Hit]:
    """Options of the block that the handler ``name``, the one in force, does not read; none is in force where it is
    empty."""
    facts = context.catalog.handler(name) if name else None
    if name and facts is None:
        return  # there is no such handler, which is another finding
    read = {facts.options_message} if facts is not None else set()
    if name in HANDLERS:
        read.add(OPTIONS)
    if not handler.name and name != _DEFAULT:
        read.clear()  # the calculator gives its own options to the handler that it asks for
    for options in handler.bound.messages("options"):
        for field in options.fields:
            message = field.value
            if isinstance(message, BoundMessage) and message.type_name not in read:
                yield Hit(
                    field.whole,
                    f"{name} does not read {message.type_name}" if name else f"nobody reads {message.type_name}",
                    help="name the handler that they are for, or remove them",
                    label="" if name else "the block names no handler, so no node gets it",
                    node=node,
                )
