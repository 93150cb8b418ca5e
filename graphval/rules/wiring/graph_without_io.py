"""The graph has no input stream or no output stream.

## What it does

Looks for at least one `input_stream` and one `output_stream` at graph level.

## Why it is bad

OVMS refuses such a graph when it loads it: there would be nothing to send or nothing to answer.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"  # error: [GV201]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "copy" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4): `having less than one input or output is disallowed`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV201", "graph-without-io", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    for missing, present in (("input_stream", graph.inputs), ("output_stream", graph.outputs)):
        if not present:
            yield Hit(
                graph.start,
                f"the graph has no {missing}",
                help=f'name at least one: {missing}: "…" at the top level of the file',
            )
