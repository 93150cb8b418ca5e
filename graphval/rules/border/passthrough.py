"""A graph that takes the whole request does not also give the whole response, alone.

## What it does

A graph input whose tag begins with `REQUEST` gets the whole KServe request, a graph output whose tag begins with
`RESPONSE` is the whole response. The rule checks that both are there and that the graph has no other input or output.
The match is by prefix: `REQUEST_PAYLOAD` counts too.

## Why it is bad

OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "REQUEST:in"  # error: [GV231]
output_stream: "OVTENSOR:out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4), lifecycle checks 10 to 14.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Connection
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.flow import io_prefix


@graph_rule("GV231", "request-or-response-alone", phase=Phase.LOAD, effect=Effect.REJECT)
def alone(context: GraphContext) -> Iterator[Answer]:
    requests, responses = _whole(context)
    if requests and not responses:
        yield Hit(requests[0].place, "a REQUEST input needs a RESPONSE output", help='write output_stream: "RESPONSE:…"')
    if responses and not requests:
        yield Hit(responses[0].place, "a RESPONSE output needs a REQUEST input", help='write input_stream: "REQUEST:…"')


@graph_rule("GV232", "request-or-response-not-single", phase=Phase.LOAD, effect=Effect.REJECT)
def not_single(context: GraphContext) -> Iterator[Answer]:
    requests, responses = _whole(context)
    if not (requests and responses):
        return
    for kind, entries, whole in (
        ("output", context.graph.outputs, responses[0]),
        ("input", context.graph.inputs, requests[0]),
    ):
        other = next((c for c in entries if c is not whole), None)
        if other is not None:
            yield Hit(other.place, f"a graph that passes whole requests and responses has one {kind} only",
                      help="remove this one", related=(("the one that takes it all", whole.place),))


def _whole(context: GraphContext) -> tuple[list[Connection], list[Connection]]:
    catalog = context.catalog
    return (
        [c for c in context.graph.inputs if io_prefix(c, catalog) == "REQUEST"],
        [c for c in context.graph.outputs if io_prefix(c, catalog) == "RESPONSE"],
    )


RULES = (alone, not_single)
