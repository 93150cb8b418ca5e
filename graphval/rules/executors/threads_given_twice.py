"""The default executor's threads are given twice.

## What it does

Looks for `num_threads` of the graph beside an `executor` without a name.

## Why it is bad

OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
num_threads: 2  # error: [GV536]
executor { type: "ThreadPoolExecutor" options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }
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

Give the threads once: `num_threads` of the graph, or the options of the default executor.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` and `mediapipe/framework/calculator_graph.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV536", "threads-given-twice", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    default = next((executor for executor in context.graph.executors if not executor.name), None)
    if context.graph.num_threads != 0 and default is not None:
        yield Hit(
            context.graph.bound.place_of("num_threads"),
            "num_threads and a default executor are both given",
            help="keep one of them",
            related=(("the default executor", default.place),),
        )
