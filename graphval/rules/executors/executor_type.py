"""An executor has no type, or one that OVMS does not have.

## What it does

Checks the `type` of each `executor`: `ThreadPoolExecutor`, or `ApplicationThreadExecutor` for the default executor
only. Without a name the type may be left out.

## Why it is bad

OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
executor { name: "pool" type: "FiberExecutor" }  # error: [GV533]
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
executor { name: "pool" type: "ThreadPoolExecutor" options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" executor: "pool" }
```

## How to fix

Write `type: "ThreadPoolExecutor"`.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` and `mediapipe/framework/calculator_graph.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV533", "executor-type", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    for executor in context.graph.executors:
        if executor.type == "ThreadPoolExecutor" or (
            not executor.name and executor.type in ("", "ApplicationThreadExecutor")
        ):
            continue
        if not executor.type:
            yield Hit(
                executor.place, f'the executor "{executor.name}" has no type', help='write type: "ThreadPoolExecutor"'
            )
        elif executor.type == "ApplicationThreadExecutor":
            yield Hit(
                executor.bound.place_of("type"),
                "ApplicationThreadExecutor is for the default executor only",
                help='remove the name, or write type: "ThreadPoolExecutor"',
            )
        else:
            yield Hit(
                executor.bound.place_of("type"),
                f'OVMS has no executor type "{executor.type}"',
                help='write type: "ThreadPoolExecutor"',
            )
