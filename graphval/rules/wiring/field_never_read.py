"""A field is accepted and never read.

## What it does

Looks for fields that MediaPipe's graph format still has and that the version inside OVMS never reads: `external_input`
and `profiler_config` of a node, `output_stream_handler`, `packet_factory` and `output_side_packet` of the graph. Its
`options` and `graph_options` are read by the `option_value` of a node alone.

## Why it is bad

What the field was meant to do does not happen, and nobody says so.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
output_side_packet: "labels"  # warning: [GV221]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Remove the field, or write what it was meant to do where MediaPipe reads it.

## Source

MediaPipe `mediapipe/framework/calculator.proto`, `validated_graph_config.cc` and `calculator_graph.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule

_OF_GRAPH = {
    "output_stream_handler": "write it on the nodes that need it",
    "packet_factory": "produce the side packet with ConstantSidePacketCalculator",
    "output_side_packet": "remove it: a response carries streams only",
}
_COPIED_FROM = dict.fromkeys(("options", "graph_options"), "write options on the nodes that need them")
_OF_NODE = {
    "external_input": "write input_side_packet",
    "profiler_config": "write it at the top level of the graph",
}


@graph_rule(
    "GV221",
    "field-never-read",
    phase=Phase.LOAD,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    written=(
        "output_stream_handler",
        "packet_factory",
        "output_side_packet",
        "external_input",
        "profiler_config",
        "options",
        "graph_options",
    ),
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    copied = any(node.bound.first("option_value") is not None for node in graph)
    of_graph = _OF_GRAPH if copied else _OF_GRAPH | _COPIED_FROM
    blocks: list[tuple[Node | None, dict[str, str]]] = [(None, of_graph), *((node, _OF_NODE) for node in graph)]
    for node, unread in blocks:
        bound = node.bound if node is not None else graph.bound
        if bound.by_name.keys().isdisjoint(unread):
            continue
        for field in bound.fields:
            if field.name in unread:
                yield Hit(
                    field.name_place,
                    f"{field.name} of a {'node' if node is not None else 'graph'} is never read",
                    help=unread[field.name],
                    node=node,
                )
