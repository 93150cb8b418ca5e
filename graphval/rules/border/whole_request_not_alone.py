"""A graph that takes the whole request has further inputs or outputs.

## What it does

A graph input whose tag begins with `REQUEST` gets the whole KServe request, a graph output whose tag begins with
`RESPONSE` is the whole response. The match is by prefix: `REQUEST_PAYLOAD` counts too. The rule checks that such a
graph has no other input and no other output.

## Why it is bad

OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "REQUEST:in"
input_stream: "OVTENSOR:extra"  # error: [GV232]
output_stream: "RESPONSE:out"
node { calculator: "MergeCalculator" input_stream: "in" input_stream: "extra" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "REQUEST:in"
output_stream: "RESPONSE:out"
node { calculator: "MergeCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Remove the other inputs and outputs, or use tags of single tensors.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import SPECIAL_TAG


@graph_rule("GV232", "whole-request-not-alone", phase=Phase.LOAD, effect=Effect.REJECT, signs=(SPECIAL_TAG,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    border = context.border
    requests, responses = border.inputs_of("REQUEST"), border.outputs_of("RESPONSE")
    if not (requests and responses and border.readable):
        return
    for kind, entries, whole in (
        ("output", context.graph.outputs, responses[0]),
        ("input", context.graph.inputs, requests[0]),
    ):
        other = next((c for c in entries if c is not whole), None)
        if other is not None:
            yield Hit(
                other.place,
                f"a graph that passes whole requests and responses has one {kind} only",
                help="remove this one",
                related=(("the one that takes it all", whole.place),),
            )
