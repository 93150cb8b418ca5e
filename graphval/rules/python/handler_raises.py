"""A handler raises whatever happens.

## What it does

Looks for a `raise`, or an `assert` of nothing, that is always reached: in the file itself, or in `__init__`, `initialize`
or `execute` of `OvmsPythonModel`, outside any condition, loop and `try`, with no `return` or `yield` before it.

## Why it is bad

OVMS imports the file, makes the object and calls `initialize` when it loads the graph; an exception there refuses the
graph. An exception in `execute` fails every request: `Error occurred during graph execution`.

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
    def execute(self, inputs):
        raise NotImplementedError("still to be written")
```

```expect
error: GV735 at model.py:3
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
        if not inputs:
            raise ValueError("nothing came in")
        return [Tensor("out", bytes(inputs[0]))]
```

## How to fix

Write what the method is for, or raise only where something is wrong.

## Source

OVMS `src/python/pythonnoderesources.cpp` and `src/python/python_executor_calculator.cc` (2026.4).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.python.handler import handler_of, is_main_guard, place_of
from graphval.rules.python.handler_code import Function, method, model_class

_CALLED = (("__init__", Phase.LOAD), ("initialize", Phase.LOAD), ("execute", Phase.SERVE))
_ELSEWHERE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@node_rule("GV735", "handler-raises", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    if handler is None or handler.source is None or handler.tree is None:
        return
    raising = _always([statement for statement in handler.tree.body if not is_main_guard(statement)])
    where, phase = "the handler", Phase.LOAD
    if raising is None:
        owner = model_class(handler)
        for name, moment in _CALLED if owner is not None else ():
            function = method(owner, name) if owner is not None else None
            raising = _of_method(function) if function is not None else None
            if raising is not None:
                where, phase = name, moment
                break
    if raising is not None:
        yield Hit(
            place_of(handler.source, raising),
            f"{where} raises whatever happens",
            help="raise only where something is wrong",
            node=node,
            phase=phase,
        )


def _of_method(function: Function) -> ast.stmt | None:
    return _always(function.body) if isinstance(function, ast.FunctionDef) else None


def _always(statements: Sequence[ast.stmt]) -> ast.stmt | None:
    """The statement that raises whenever these are gone through; ``None`` where they may end before."""
    for statement in statements:
        match statement:
            case ast.Raise() | ast.Assert(test=ast.Constant(value=False | 0 | None | "")):
                return statement
        if _may_end(statement):
            return None
    return None


def _may_end(statement: ast.stmt) -> bool:
    """Whether what is around a statement may be left in it, or has given something before it goes on."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Return | ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(part, _ELSEWHERE):
            waiting += ast.iter_child_nodes(part)
    return False
