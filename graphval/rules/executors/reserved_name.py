"""An executor has a reserved name.

## What it does

Looks for executors called `default` or `gpu`, or with a name that begins with `__`, where they are declared and where
nodes name them.

## Why it is bad

OVMS refuses the graph when it loads it: `"x" is a reserved executor name.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
executor { name: "gpu" type: "ThreadPoolExecutor" options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }  # error: [GV530]
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

Give the executor another name.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` and `mediapipe/framework/calculator_graph.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


def _reserved(name: str) -> bool:
    return name in ("default", "gpu") or name.startswith("__")


@graph_rule("GV530", "reserved-executor-name", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    nodes = [node for node in (*context.graph, *context.contained) if not context.drops_scheduling(node)]
    for block in (*(e.bound for e in context.graph.executors), *(n.bound for n in nodes)):
        field = block.first("executor" if block.type_name.endswith(".Node") else "name")
        if field is not None and _reserved(field.string):
            yield Hit(field.place, f'"{field.string}" is a reserved executor name', help="choose another name")
