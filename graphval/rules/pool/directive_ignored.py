"""A line that looks like the graph pool directive is not read.

## What it does

Looks for comments like `# OVMS_GRAPH_QUEUE_SIZE: 4` that OVMS does not read as the directive: misspelt, without
colon, with more words behind the value, on a line with other text, or a second time. With a release that does not
read the directive it says so too.

## Why it is bad

It is a comment like any other: graphs are created anew for each request, though a pool is written.

## Bad

```pbtxt graph.pbtxt
# warning-below: [GV521]
# OVMS_GRAPH_QUEUE_SIZE: 4
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
# OVMS_GRAPH_QUEUE_MAX_SIZE: 4
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write one line of its own: `# OVMS_GRAPH_QUEUE_MAX_SIZE: 2`; or remove it where the release does not read it.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.textproto import Place

_MEANT = re.compile(r"\s*OVMS_GRAPH_(?:QUEUE|POOL)\w*\s*[:=]?\s*(?:AUTO|[0-9]+)\b", re.IGNORECASE)
_NAME = "OVMS_GRAPH_QUEUE_MAX_SIZE"


@graph_rule("GV521", "pool-directive-ignored", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: GraphContext) -> Iterator[Answer]:
    read, source = context.graph.directive, context.graph.source
    if read is not None and context.reads_pool_directive and source.text.upper().count("OVMS_GRAPH_") == 1:
        return  # nothing but the directive that is read
    for comment in context.graph.document.comments:
        if read is not None and comment.start <= read.place.start < comment.end:
            if not context.reads_pool_directive:
                yield Hit(
                    Place(source, comment.start, comment.end),
                    f"OVMS {context.catalog.version} does not read {_NAME} as it is started by default",
                    help=_advice(context),
                    effect=Effect.ADVICE,
                    severity=Severity.INFO,
                )
        elif _MEANT.match(comment.text):
            second = read is not None and f"{_NAME}:" in comment.text
            yield Hit(
                Place(source, comment.start, comment.end),
                "the pool directive is given twice, and the first counts" if second else "this is an ordinary comment",
                help="remove it" if second else f"write it alone on its line: # {_NAME}: AUTO",
                related=(("the first one", read.place),) if second and read is not None else (),
            )


def _advice(context: GraphContext) -> str:
    return next((d.advice for d in context.catalog.drift(_NAME, "graph") if d.kind == "changed"), "")
