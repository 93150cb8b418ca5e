"""Two executors have the same name.

## What it does

Compares the names of `executor` entries; two without a name both mean the default executor.

## Why it is bad

OVMS refuses the graph when it loads it: `ExecutorConfig for "x" is duplicate.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
executor { name: "pool" type: "ThreadPoolExecutor" options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }
executor { name: "pool" type: "ThreadPoolExecutor" options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }  # error: [GV531]
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

Keep one of the two.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` and `mediapipe/framework/calculator_graph.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Executor
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV531", "executor-declared-twice", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    first_of: dict[str, Executor] = {}
    for executor in context.graph.executors:
        first = first_of.setdefault(executor.name, executor)
        if first is not executor:
            what = f'executor "{executor.name}"' if executor.name else "default executor"
            yield Hit(
                executor.bound.place_of("name"),
                f"the {what} is declared twice",
                help="remove one of them",
                related=(("the first one", first.place),),
            )
