"""Tracing takes the only thread of the graph.

## What it does

Looks for `profiler_config { trace_enabled: true }` on a graph whose default executor has one thread: a graph of one
node, or `num_threads: 1`. The trace writer keeps one thread for the whole run.

## Why it is bad

The graph is AVAILABLE, no node ever runs, and every request hangs for ever.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
profiler_config {
  trace_enabled: true  # error: [GV540]
  trace_log_path: "/tmp/trace_"
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
num_threads: 4
profiler_config { trace_enabled: true trace_log_path: "/tmp/trace_" }
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Give the graph two threads at least, or turn tracing off.

## Source

MediaPipe `mediapipe/framework/profiler/graph_profiler.cc` (fork of OVMS 2026.4); seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.textproto import BoundMessage


@graph_rule("GV540", "tracing-blocks", phase=Phase.SERVE, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    profiler = next(iter(context.graph.bound.messages("profiler_config")), None)
    if profiler is None or not _writes_trace(profiler) or not _has_one_thread(context):
        return
    yield Hit(
        profiler.place_of("trace_enabled"),
        "tracing takes the only thread that this graph has",
        help="give the graph more threads (num_threads: 4), or set trace_log_disabled: true",
        label="every request hangs for ever",
    )


def _writes_trace(profiler: BoundMessage) -> bool:
    def value(name: str) -> int:
        field = profiler.first(name)
        return field.number if field is not None else 0

    return bool(
        value("trace_enabled")
        and not value("trace_log_disabled")
        and not value("trace_log_instant_events")
        and value("trace_log_interval_usec") >= 0
    )


def _has_one_thread(context: GraphContext) -> bool:
    """Whether the default executor, on which a node runs, has one thread: asked for, or one node and automatic."""
    graph = context.graph
    if all(node.executor and not context.drops_scheduling(node) for node in graph):
        return False  # nobody needs it
    if graph.num_threads not in (0, -1):
        return graph.num_threads == 1
    if any(not executor.name for executor in graph.executors):
        return False  # its own thread count decides, and it was chosen on purpose
    contracts = [context.contract(node) for node in graph]
    return len(contracts) == 1 and contracts[0] is not None and contracts[0].kind == "calculator"
