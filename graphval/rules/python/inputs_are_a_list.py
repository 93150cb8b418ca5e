"""A handler takes the inputs of `execute` for a dict.

## What it does

Looks for `inputs["name"]` and for methods of dicts (`inputs.get`, `inputs.items` …) on what `execute` is given.

## Why it is bad

`execute` is given a list of tensors: the line raises an error, and the request fails with `Error occurred during graph
execution`.

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
    def execute(self, inputs):
        return [Tensor("out", bytes(inputs["in"]))]
```

```expect
error: GV709 at model.py:6
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
    def execute(self, inputs):
        return [Tensor("out", bytes(inputs[0]))]
```

## How to fix

Take a tensor by its position, or look for its name: `next(t for t in inputs if t.name == "in")`.

## Limits

A warning is given where it is not certain that the line is ever reached; a variable that is given something else first
is not followed.

## Source

OVMS `src/python/python_executor_calculator.cc` (2026.4).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.python.handler import handler_of
from graphval.rules.python.handler_code import argument, method, model_class, place
from graphval.rules.python.reached import Spot, spots_of

_OF_DICTS = frozenset({"get", "items", "keys", "values", "setdefault", "update"})


@node_rule("GV709", "inputs-are-a-list", phase=Phase.SERVE, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    owner = model_class(handler) if handler is not None else None
    execute = method(owner, "execute") if owner is not None else None
    given = argument(execute) if execute is not None else ""
    if handler is None or handler.source is None or not given:
        return
    for spot in spots_of(node, context):
        taken = _as_dict(spot, given)
        if taken is not None:
            yield Hit(
                place(handler.source, taken),
                f"{given} is a list of tensors, not a dict",
                help=f"write {given}[0], or look for the tensor's name among them",
                node=node,
                severity=None if spot.certain else Severity.WARNING,
            )


def _as_dict(spot: Spot, given: str) -> ast.expr | None:
    """The expression that uses the argument of ``execute`` as only a dict can be used."""
    if spot.method != "execute":
        return None
    match spot.node:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str()) as key) if name == given:
            return key
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) as taken if (
            name == given and attribute in _OF_DICTS
        ):
            return taken
        case _:
            return None
