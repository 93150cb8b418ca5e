"""OVMS has no stream handler of that name.

## What it does

Looks `input_stream_handler` and `output_stream_handler` names up among those that the chosen OVMS release registers,
on nodes and at graph level.

## Why it is bad

OVMS refuses the graph when it loads it: `"X" is not a registered input stream handler.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  input_stream_handler { input_stream_handler: "FixedSizeStreamHandler" }  # error: [GV508]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write the name as it is registered, or remove the block: calculators choose the handler they need.

## Source

MediaPipe `mediapipe/framework/calculator_node.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Handler, Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.nearest import nearest, respelt


@graph_rule(
    "GV508",
    "unknown-handler",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    written=("input_stream_handler", "output_stream_handler"),
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph, catalog = context.graph, context.catalog
    if graph.handler is not None and any(node.handler is None or not node.handler.name for node in graph):
        yield from _check(graph.handler, catalog.input_stream_handlers, "input", None)
    for node in (*graph, *context.contained):
        if node.handler is not None and not context.drops_scheduling(node):
            yield from _check(node.handler, catalog.input_stream_handlers, "input", node)
        if node.output_handler is not None and not context.is_subgraph(node):
            yield from _check(node.output_handler, catalog.output_stream_handlers, "output", node)


def _check(handler: Handler, known: frozenset[str], kind: str, node: Node | None) -> Iterator[Answer]:
    if not handler.name or handler.name in known:
        return
    near = nearest(handler.name, known)
    yield Hit(
        handler.name_place,
        f'OVMS has no {kind} stream handler "{handler.name}"',
        help=f"did you mean {near}?" if near else f"it has {', '.join(sorted(known))}",
        node=node,
        fix=respelt(handler.name_place, handler.name, known),
    )
