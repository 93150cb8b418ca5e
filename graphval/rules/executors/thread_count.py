"""A thread pool has no usable number of threads.

## What it does

Checks `num_threads` (and `stack_size`) of `ThreadPoolExecutorOptions`, and `num_threads` of the graph: above 0; for
the default executor 0 and -1 mean automatic.

## Why it is bad

OVMS refuses the graph when it loads it. A huge number ends the server process: `pthread_create failed`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
num_threads: -4  # error: [GV535]
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

Write a number above 0, or remove the field and let MediaPipe choose.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` and `mediapipe/framework/calculator_graph.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.textproto import BoundMessage, Place

OPTIONS = "mediapipe.ThreadPoolExecutorOptions"
MANY = 30_000
"""More threads than Linux gives one process by default (`/proc/sys/kernel/threads-max`, `vm.max_map_count`)."""


@graph_rule("GV535", "thread-count", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    if graph.num_threads not in (0, -1):
        yield from _count(graph.num_threads, graph.bound.place_of("num_threads"))
    for executor in graph.executors:
        if executor.type not in ("", "ThreadPoolExecutor"):
            continue
        options = next(
            (
                f.value
                for o in executor.bound.messages("options")
                for f in o.fields
                if isinstance(f.value, BoundMessage) and f.value.type_name == OPTIONS
            ),
            None,
        )
        threads = options.first("num_threads") if options is not None else None
        if threads is None:
            if executor.type:
                yield Hit(
                    executor.place,
                    "the thread pool has no num_threads",
                    help="add options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: … } }",
                )
            continue
        number = threads.number
        if executor.type or number not in (0, -1):
            yield from _count(number, threads.place)
        stack = options.first("stack_size") if options is not None else None
        if stack is not None and stack.number <= 0:
            yield Hit(stack.place, f"stack_size must be above 0, not {stack.text}")


def _count(number: int, place: Place) -> Iterator[Answer]:
    if number <= 0:
        yield Hit(place, f"num_threads must be above 0, not {number}", help="remove it, or write a number above 0")
    elif number > MANY:
        yield Hit(
            place, f"{number} threads cannot be made", effect=Effect.ABORT, help="write as many as there are cores"
        )
