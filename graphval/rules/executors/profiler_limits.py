"""The profiler is given a size that cannot be.

## What it does

Looks at `profiler_config`: `num_histogram_intervals`, of which 32 bits are kept, is not negative, and neither is `trace_log_capacity` where
`trace_enabled` is set, nor is that one beyond what a process can address.

## Why it is bad

The sizes are used unchecked. A negative number of histogram intervals ends the server process while OVMS loads the
graph, even where the profiler is off; a negative trace capacity ends it at the first request. One that no memory can
hold keeps the graph from being loaded (`std::bad_alloc`).

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
profiler_config {
  num_histogram_intervals: -1  # error: [GV541]
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
profiler_config { enable_profiler: true num_histogram_intervals: 10 }
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write a size that is not negative, or remove the field.

## Source

MediaPipe `mediapipe/framework/profiler/graph_profiler.cc` and `graph_tracer.cc` (fork of OVMS 2026.4); seen on the real
server as SIGSEGV at load and SIGFPE at a request.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule

_HELP = "remove it, or write a number above 0"
_BEYOND_MEMORY = 2**42
"""So many events of 32 bytes at least are more than the 128 TiB that a process can address."""


@graph_rule("GV541", "profiler-limits", phase=Phase.LOAD, effect=Effect.ABORT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    for profiler in context.graph.bound.messages("profiler_config"):
        intervals, capacity = profiler.first("num_histogram_intervals"), profiler.first("trace_log_capacity")
        if intervals is not None and isinstance(intervals.value, int) and _as_int32(intervals.value) < 0:
            yield Hit(intervals.place, f"num_histogram_intervals is {intervals.value}", help=_HELP)
        traces = profiler.first("trace_enabled")
        if capacity is None or not isinstance(capacity.value, int) or traces is None or not traces.value:
            continue
        if capacity.value < 0:
            yield Hit(
                capacity.place,
                f"trace_log_capacity is {capacity.value}",
                help=_HELP,
                phase=Phase.LOAD if context.pooled else Phase.CREATE,
            )
        elif capacity.value >= _BEYOND_MEMORY:
            yield Hit(
                capacity.place,
                f"trace_log_capacity is {capacity.value}, more than any memory holds",
                help=_HELP,
                effect=Effect.REJECT,
            )


def _as_int32(number: int) -> int:
    """What is left of a number in the 32 bits that it is kept in."""
    return (number + 2**31) % 2**32 - 2**31
