"""A graph takes the whole request but does not give the whole response, or the reverse.

## What it does

A graph input whose tag begins with `REQUEST` gets the whole KServe request, a graph output whose tag begins with
`RESPONSE` is the whole response. The match is by prefix: `REQUEST_PAYLOAD` counts too. The rule checks that both are
there or neither.

## Why it is bad

OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "RESPONSE_TO:in"
output_stream: "RESPONSE:out"  # error: [GV231]
node { calculator: "MergeCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "REQUEST:in"
output_stream: "RESPONSE:out"
node { calculator: "MergeCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Take the whole request and give the whole response, or neither.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import SPECIAL_TAG


@graph_rule("GV231", "request-or-response-alone", phase=Phase.LOAD, effect=Effect.REJECT, signs=(SPECIAL_TAG,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    border = context.border
    requests, responses = border.inputs_of("REQUEST"), border.outputs_of("RESPONSE")
    if bool(requests) == bool(responses) or not border.readable:
        return
    if requests:
        yield Hit(
            requests[0].place,
            "a REQUEST input needs a RESPONSE output",
            help='write output_stream: "RESPONSE:…"',
            related=tuple(("this output is not the whole response", c.place) for c in context.graph.outputs),
        )
    else:
        yield Hit(
            responses[0].place,
            "a RESPONSE output needs a REQUEST input",
            help='write input_stream: "REQUEST:…"',
            related=tuple(("this input is not the whole request", c.place) for c in context.graph.inputs),
        )
