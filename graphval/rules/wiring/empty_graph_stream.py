"""A graph input or output is an empty string.

## What it does

Looks for `input_stream: ""`, `output_stream: ""` and `input_side_packet: ""` at graph level.

## Why it is bad

OVMS splits the string at the colons and reads past its end: the server process dies while it loads the graph, with no
message at all.

## Bad

```pbtxt graph.pbtxt
input_stream: ""  # error: [GV203]
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Name the stream, or remove the entry.

## Source

OVMS `src/mediapipe_internal/mediapipe_utils.cpp` (2026.4); seen on the real server: SIGSEGV at load.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import UNSOUND_LIST


@graph_rule("GV203", "empty-graph-stream", phase=Phase.LOAD, effect=Effect.ABORT, signs=(UNSOUND_LIST,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    for kind, entries in (
        ("input_stream", graph.inputs),
        ("output_stream", graph.outputs),
        ("input_side_packet", graph.input_side_packets),
    ):
        for connection in entries:
            if not connection.text:
                yield Hit(connection.place, f"{kind} is empty", help="write a name or remove the line")
