"""A subgraph node asks for an executor, a handler or parallel runs, and is not given them.

## What it does

Looks for `executor`, `max_in_flight` and `input_stream_handler` on a node whose calculator is a subgraph.
`InferenceCalculator` hands them on to the node it consists of; no other subgraph does.

## Why it is bad

MediaPipe puts the subgraph's own nodes in the node's place and drops these fields without a word: the nodes run on the
default executor, under their own handlers, one packet at a time.

## Bad

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
executor {
  name: "faces"
  type: "ThreadPoolExecutor"
  options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } }
}
node {
  calculator: "FaceDetectionShortRangeCpu"
  input_stream: "IMAGE:in"
  output_stream: "DETECTIONS:faces"
  executor: "faces"  # warning: [GV323]
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
executor {
  name: "own"
  type: "ThreadPoolExecutor"
  options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } }
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" executor: "own" }
```

## How to fix

Remove the field. Threads of all nodes are set by `num_threads` of the graph, a handler for all of them by its
`input_stream_handler`.

## Source

MediaPipe `mediapipe/framework/tool/subgraph_expansion.cc` (fork of OVMS 2026.4); tried on the framework.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

_FIELDS = ("executor", "max_in_flight", "input_stream_handler")


@node_rule(
    "GV323",
    "subgraph-scheduling-dropped",
    phase=Phase.LOAD,
    effect=Effect.WRONG,
    severity=Severity.WARNING,
    written=_FIELDS,
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if not context.drops_scheduling(node):
        return
    for name in _FIELDS:
        field = node.bound.first(name)
        if field is not None and field.value not in ("", 0):  # the default is as if it was not there
            yield Hit(
                field.whole,
                f"{node.calculator} is a subgraph, whose nodes do not get its {name}",
                help="remove it",
                node=node,
            )
