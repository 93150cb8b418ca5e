"""The handler's `execute` yields, but its node has no LOOPBACK.

## What it does

Looks for `yield` in `execute` of the handler (inner functions aside) where the node has no `LOOPBACK` input.

## Why it is bad

OVMS runs a generator step by step, each step started by a packet on `LOOPBACK`. Without it every request fails with
`Error occurred during graph execution`; the reason is in the log at level DEBUG only.

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
        for number in range(3):
            yield [Tensor("out", str(number).encode())]
```

```expect
error: GV714 at model.py:7
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

Return a list of tensors instead of yielding them, or give the node a LOOPBACK input and output.

## Source

OVMS `src/python/python_executor_calculator.cc` (2026.4).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.python.handler import handler_of
from graphval.rules.python.handler_code import inside, method, model_class, place


@node_rule("GV714", "generator-without-loopback", phase=Phase.SERVE, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    owner = model_class(handler) if handler is not None else None
    execute = method(owner, "execute") if owner is not None else None
    if handler is None or handler.source is None or execute is None or isinstance(execute, ast.AsyncFunctionDef):
        return
    if any(connection.tag == "LOOPBACK" for connection in node.inputs):
        return
    step = next((n for n in inside(execute) if isinstance(n, ast.Yield | ast.YieldFrom)), None)
    if step is not None:
        yield Hit(
            place(handler.source, step),
            "execute yields, but the node has no LOOPBACK",
            help="return one list, or add LOOPBACK as input and output with input_stream_info and a SyncSet handler",
            node=node,
            related=(("the node", node.calculator_place),),
        )
