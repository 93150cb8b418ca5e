"""A handler's `initialize` reads a key that OVMS does not give.

## What it does

Looks at what `initialize(self, kwargs)` takes out of its argument, a dict with the keys `input_names`, `output_names`,
`node_name` and `base_path`.

## Why it is bad

A key that is not there raises a KeyError, and OVMS refuses the graph when it loads it.

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
from pyovms import Tensor


class OvmsPythonModel:
    def initialize(self, kwargs):
        self.outputs = kwargs["outputs_names"]

    def execute(self, inputs):
        return [Tensor(name, bytes(inputs[0])) for name in self.outputs]
```

```expect
error: GV708 at model.py:6
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
from pyovms import Tensor


class OvmsPythonModel:
    def initialize(self, kwargs):
        self.outputs = kwargs["output_names"]

    def execute(self, inputs):
        return [Tensor(name, bytes(inputs[0])) for name in self.outputs]
```

## How to fix

Read one of the four keys.

## Limits

A warning is given where it is not certain that the line is ever reached.

## Source

OVMS `src/python/pythonnoderesources.cpp` (2026.4); its documentation has `outputs_names`, which is not what it gives.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest
from graphval.rules.python.handler import handler_of
from graphval.rules.python.handler_code import argument, method, model_class, place
from graphval.rules.python.reached import spots_of

KEYS = ("input_names", "output_names", "node_name", "base_path")


@node_rule("GV708", "initialize-key", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    owner = model_class(handler) if handler is not None else None
    initialize = method(owner, "initialize") if owner is not None else None
    given = argument(initialize) if initialize is not None else ""
    if handler is None or handler.source is None or not given:
        return
    for spot in spots_of(node, context):
        match spot:
            case (
                ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key)) as written, ctx=ast.Load()),
                _,
                certain,
                "initialize",
                _,
            ) if name == given and key not in KEYS:
                near = nearest(key, KEYS)
                yield Hit(
                    place(handler.source, written),
                    f"initialize is given no {key}",
                    help=f"write {near}" if near else f"it is given {', '.join(KEYS)}",
                    node=node,
                    severity=None if certain else Severity.WARNING,
                )
