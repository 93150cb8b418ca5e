"""The graph has no input stream or no output stream.

## What it does

Looks for at least one `input_stream` and one `output_stream` at graph level, and points to where the missing one
belongs. A file with nothing in it lacks both, and is said to hold no graph.

## Why it is bad

OVMS refuses such a graph when it loads it: there would be nothing to send or nothing to answer.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "copy" }  # error: [GV201]
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Add an `input_stream` and an `output_stream` to the graph.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4): `having less than one input or output is disallowed`.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import NO_BORDER
from graphval.textproto import Place

_SHOWN = 4


@graph_rule("GV201", "graph-without-io", phase=Phase.LOAD, effect=Effect.REJECT, signs=(NO_BORDER,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph, wiring = context.graph, context.wiring
    if not graph.bound.fields:
        yield Hit(graph.start, "the file holds no graph", help="write the graph, or name the file that holds it")
        return
    if not graph.inputs:
        yield _hit(
            context, "input_stream", [name for name in wiring.consumers if name and not wiring.producers.get(name)]
        )
    if not graph.outputs:
        yield _hit(
            context, "output_stream", [name for name in wiring.producers if name and not wiring.consumers.get(name)]
        )


def _hit(context: GraphContext, missing: str, open_ended: list[str]) -> Hit:
    """``open_ended``: streams that only a declaration of the missing kind could feed or read."""
    place, above = _belongs(context, missing)
    lines = " ".join(f'{missing}: "{name}"' for name in open_ended[:_SHOWN])
    return Hit(
        place,
        f"the graph has no {missing}",
        help=f"declare it at the top of the graph: {lines}"
        if lines
        else f'name at least one: {missing}: "…" at the top level of the file',
        label="it belongs above this line" if above else "",
    )


def _belongs(context: GraphContext, missing: str) -> tuple[Place, bool]:
    """The top-level field above which the missing declaration would stand: inputs above outputs, outputs below inputs,
    both above the nodes; and whether there is one."""
    graph = context.graph
    fields = graph.bound.fields
    if missing == "output_stream":
        last = max((position for position, field in enumerate(fields) if field.name == "input_stream"), default=-1)
        fields = fields[last + 1 :]
    else:
        fields = [field for field in fields if field.name in ("output_stream", "node")]
    return (fields[0].name_place, True) if fields else (graph.start, False)
