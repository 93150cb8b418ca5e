"""The profiler is given a negative size.

## What it does

Looks at `profiler_config`: `num_histogram_intervals` is not negative, and neither is `trace_log_capacity` where
`trace_enabled` is set.

## Why it is bad

The sizes are used unchecked. A negative number of histogram intervals ends the server process while OVMS loads the
graph, even where the profiler is off; a negative trace capacity ends it at the first request.

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


@graph_rule("GV541", "profiler-limits", phase=Phase.LOAD, effect=Effect.ABORT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    for profiler in context.graph.bound.messages("profiler_config"):
        traces = profiler.first("trace_enabled")
        for name, phase in (("num_histogram_intervals", Phase.LOAD), ("trace_log_capacity", Phase.CREATE)):
            field = profiler.first(name)
            if field is None or not isinstance(field.value, int) or field.value >= 0:
                continue
            if name == "trace_log_capacity" and (traces is None or not traces.value):
                continue
            if context.pooled:
                phase = Phase.LOAD
            yield Hit(field.place, f"{name} is {field.value}", help="remove it, or write a number above 0", phase=phase)
