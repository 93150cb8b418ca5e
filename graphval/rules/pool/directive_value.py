"""The graph pool directive has a value that OVMS cannot use.

## What it does

Checks the word behind `# OVMS_GRAPH_QUEUE_MAX_SIZE:`: `AUTO`, 0, or a positive whole number.

## Why it is bad

OVMS refuses the graph when it loads it, though the directive is a comment.

## Bad

```pbtxt graph.pbtxt
# error-below: [GV520]
# OVMS_GRAPH_QUEUE_MAX_SIZE: auto
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
# OVMS_GRAPH_QUEUE_MAX_SIZE: AUTO
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write `AUTO`, 0 or a positive whole number.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV520", "pool-directive-value", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    directive = context.graph.directive
    if directive is None or not context.reads_pool_directive:
        return
    if directive.size is None:
        yield Hit(
            directive.place,
            f'"{directive.value}" is neither a whole number nor AUTO',
            help="write AUTO (in upper case), 0 or the number of graphs to keep ready",
        )
    elif isinstance(directive.size, int) and directive.size < 0:
        yield Hit(
            directive.place, f"the pool size must be 0 (off) or positive, not {directive.size}", help="write AUTO"
        )
