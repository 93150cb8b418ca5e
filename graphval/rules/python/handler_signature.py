"""A method of the handler cannot be called the way OVMS calls it.

## What it does

Compares the parameters of `__init__()`, `initialize(kwargs)` and `execute(inputs)` with the arguments that OVMS gives
them.

## Why it is bad

A wrong `__init__` or `initialize` keeps the graph from loading. A wrong `execute` lets it load, and every request
fails.

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
class OvmsPythonModel:
    def initialize(self, kwargs):
        pass

    def execute(self, inputs, parameters):
        return inputs
```

```expect
error: GV713 at model.py:5
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
    def initialize(self, kwargs):
        pass

    def execute(self, inputs, parameters=None):
        return inputs
```

## How to fix

Give the method the parameters that OVMS passes, as the good example does; further ones need defaults.

## Source

OVMS `src/python/pythonnoderesources.cpp` and `src/python/python_executor_calculator.cc` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.python.handler import handler_of, place_of
from graphval.rules.python.handler_code import Function, method, model_class

_ARGUMENTS = {"__init__": 0, "initialize": 1, "execute": 1}
_FORMS = {"__init__": "__init__(self)", "initialize": "initialize(self, kwargs)", "execute": "execute(self, inputs)"}


@node_rule("GV713", "handler-signature", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    owner = model_class(handler) if handler is not None else None
    if handler is None or handler.source is None or owner is None:
        return
    for name, count in _ARGUMENTS.items():
        found = method(owner, name)
        if found is not None and not _takes(found, 1 + count):
            given = "no argument" if count == 0 else "one argument"
            yield Hit(
                place_of(handler.source, found),
                f"{name} is called with {given} beside self, which it does not take",
                help=f"write def {_FORMS[name]}",
                node=node,
                phase=Phase.SERVE if name == "execute" else None,
                related=(("the node", handler.field.place),),
            )


def _takes(function: Function, count: int) -> bool:
    """Whether a function can be called with so many positional arguments and nothing else."""
    arguments = function.args
    positional = len(arguments.posonlyargs) + len(arguments.args)
    needed = positional - len(arguments.defaults)
    if any(default is None for default in arguments.kw_defaults):
        return False
    return needed <= count and (count <= positional or arguments.vararg is not None)
