"""The handler of a Python node is not valid Python.

## What it does

Parses the handler file without running it.

## Why it is bad

OVMS imports the handler when it loads the graph, the import fails, and the graph is refused.

## Bad

```pbtxt graph.pbtxt
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "echo"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  output_stream: "OUTPUT:out"
  node_options: {
    [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: {
      handler_path: "model.py"
    }
  }
}
```

```python model.py
class OvmsPythonModel
    def execute(self, inputs):
        return inputs
```

```expect
error: GV711 at model.py:1
```

## Good

```pbtxt graph.pbtxt
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  name: "echo"
  calculator: "PythonExecutorCalculator"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "INPUT:in"
  output_stream: "OUTPUT:out"
  node_options: {
    [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: {
      handler_path: "model.py"
    }
  }
}
```

```python model.py
class OvmsPythonModel:
    def execute(self, inputs):
        return inputs
```

## How to fix

Mend the Python file at the place.

## Limits

The interpreter of the OVMS image may be of another version than the one that runs graphval.

## Source

OVMS `src/python/pythonnoderesources.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule
from graphval.rules.python.handler import handler_of
from graphval.textproto import Place


@node_rule("GV711", "handler-syntax", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    if handler is None or handler.source is None:
        return
    if handler.doubt:
        yield Skip(handler.doubt, node)
    if handler.error is None:
        return
    # Python counts lines and columns from 1, and says 0 or nothing where it knows none.
    start = handler.source.offset(max(1, handler.error.lineno or 1), max(1, handler.error.offset or 1))
    yield Hit(
        Place(handler.source, start, min(start + 1, len(handler.source.text))),
        f"the handler is not valid Python: {handler.error.msg}",
        node=node,
        related=(("named here", handler.field.place),),
    )
