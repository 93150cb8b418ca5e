"""Two graph inputs, or two graph outputs, have the same name.

## What it does

Compares the names (the part behind the last colon) of the graph's own inputs among themselves and outputs among
themselves.

## Why it is bad

OVMS refuses the graph when it loads it: requests and responses know streams by name only.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
output_stream: "OVTENSOR:out"  # error: [GV206]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Give each input, and each output, a name of its own.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4): `Input with the same name already exists.`
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Connection
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import NAME_TWICE


@graph_rule("GV206", "graph-name-twice", phase=Phase.LOAD, effect=Effect.REJECT, signs=(NAME_TWICE,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    for kind, entries in (("input", graph.inputs), ("output", graph.outputs)):
        first_of: dict[str, Connection] = {}
        for connection in entries:
            first = first_of.setdefault(connection.name, connection)
            if first is not connection and connection.text:
                yield Hit(
                    connection.place,
                    f'the graph has two {kind}s called "{connection.name}"',
                    help="rename one of them or remove the line",
                    related=(("the first one", first.place),),
                )
