"""The graph uses a status handler, and OVMS has none.

## What it does

Looks for `status_handler` entries.

## Why it is bad

No status handlers are linked into OVMS, so every entry is refused when OVMS loads the graph: `Unable to find
StatusHandler`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
status_handler { status_handler: "SomeStatusHandler" }  # error: [GV331]
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Remove the block.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV331", "status-handler", phase=Phase.LOAD, effect=Effect.REJECT, written=("status_handler",))
def RULE(context: GraphContext) -> Iterator[Answer]:
    for block in context.graph.bound.messages("status_handler"):
        yield Hit(block.place_of("status_handler"), "OVMS has no status handlers", help="remove it")
