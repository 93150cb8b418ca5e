"""A Python node with LOOPBACK stands in a graph with a pool.

## What it does

Looks for `PythonExecutorCalculator` nodes with an input that begins with `LOOPBACK` in a graph with a pool directive
above 0.

## Why it is bad

Generators keep state between packets, so OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
# OVMS_GRAPH_QUEUE_MAX_SIZE: 2
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "stream"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  input_stream: "LOOPBACK:loop"  # error: [GV522]
  output_stream: "OUTPUT:out"
  output_stream: "LOOPBACK:loop"
  input_stream_info { tag_index: "LOOPBACK" back_edge: true }
  input_stream_handler {
    input_stream_handler: "SyncSetInputStreamHandler"
    options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { sync_set { tag_index: "LOOPBACK:0" } } }
  }
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "model.py" } }
}
```

```python model.py
class OvmsPythonModel:
    def execute(self, inputs):
        yield inputs
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Remove the directive, or the loop.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV522", "pool-python-loopback", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    directive = context.graph.directive
    if directive is None or not directive.makes_pool or not context.reads_pool_directive:
        return
    if node.calculator != "PythonExecutorCalculator":
        return
    loop = next((c for c in node.inputs if c.text.startswith("LOOPBACK")), None)
    if loop is not None:
        yield Hit(
            loop.place,
            "a Python node with LOOPBACK cannot be used with a graph pool",
            help="remove the OVMS_GRAPH_QUEUE_MAX_SIZE line",
            related=(("the pool", directive.place),),
            node=node,
        )
