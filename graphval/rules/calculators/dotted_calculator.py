"""The calculator of a Python node is written with a leading dot.

## What it does

Looks for nodes that OVMS would prepare at load if their calculator had no leading dot.

## Why it is bad

MediaPipe finds `.PythonExecutorCalculator`, for the dot only says that the name is a global one. OVMS compares the name
as it is written, and does not prepare the node: its handler is never loaded. The graph loads, and every request fails:
`Could not find initialized Python node named`.

## Bad

```pbtxt graph.pbtxt
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "double"
  calculator: ".PythonExecutorCalculator"  # error: [GV324]
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  output_stream: "OUTPUT:out"
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "double.py" } }
}
```

```python double.py
class OvmsPythonModel:
    def execute(self, inputs):
        return inputs
```

## Good

```pbtxt graph.pbtxt
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "double"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  output_stream: "OUTPUT:out"
  node_options: { [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "double.py" } }
}
```

```python double.py
class OvmsPythonModel:
    def execute(self, inputs):
        return inputs
```

## How to fix

Remove the dot.

## Source

OVMS `src/mediapipe_internal/node_initializer.cpp` (2026.4); MediaPipe `mediapipe/framework/deps/registration.h` (fork
of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule(
    "GV324",
    "dotted-calculator",
    phase=Phase.CREATE,
    effect=Effect.REJECT,
    calculators=("PythonExecutorCalculator",),
    options_apart=True,
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    contained = node.position >= len(context.graph.nodes)  # those OVMS never prepares, as another rule says
    if (
        contained
        or context.prepared_as(node) is not None
        or context.catalog.node_initializer(node.registered_as) is None
    ):
        return
    place = node.calculator_place
    yield Hit(
        place,
        f'OVMS does not prepare a node whose calculator is written "{node.calculator}"',
        help="remove the dot",
        fix=place.rewritten(f'"{node.registered_as}"'),
        node=node,
    )
