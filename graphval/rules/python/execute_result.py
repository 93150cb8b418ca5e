"""The handler's `execute` gives something that is no list of tensors.

## What it does

Looks at what `execute` returns (or yields, step by step): it must be a list whose elements are `pyovms.Tensor`. Only
values whose kind is plain from the text are judged.

## Why it is bad

Every request that gets there fails with `Error occurred during graph execution`; the reason is in the log at level
DEBUG only.

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
        return Tensor("out", bytes(inputs[0]))
```

```expect
error: GV715 at model.py:6
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

Return a list of `pyovms.Tensor`, also where there is one tensor only.

## Limits

Where only some of the returns are wrong, a warning is given: not every request comes there.

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
from graphval.rules.python.handler import handler_of, place_of
from graphval.rules.python.handler_code import Function, is_generator, method, model_class, no_list, place, results

_NEVER_RETURN = frozenset({"os.abort", "os._exit", "sys.exit", "exit", "quit"})


@node_rule("GV715", "execute-result", phase=Phase.SERVE, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    owner = model_class(handler) if handler is not None else None
    execute = method(owner, "execute") if owner is not None else None
    if handler is None or handler.source is None or execute is None:
        return
    if isinstance(execute, ast.AsyncFunctionDef):
        where = place_of(handler.source, execute)
        yield Hit(
            where, "execute is a coroutine, which OVMS does not await", help="write def, not async def", node=node
        )
        return
    verb = "yields" if is_generator(execute) else "returns"
    given = results(execute)
    if not given and not is_generator(execute):
        if _ends(execute):
            where = place_of(handler.source, execute)
            yield Hit(where, "execute returns nothing", help="return a list of pyovms.Tensor", node=node)
        return
    wrong = [(result, what) for result in given if (what := no_list(result.value))]
    for result, what in wrong:
        yield Hit(
            place(handler.source, result),
            f"execute {verb} {what}, not a list of tensors",
            help=f"{verb.removesuffix('s')} [Tensor(…)], with Tensor from pyovms",
            node=node,
            severity=None if len(wrong) == len(given) else Severity.WARNING,
        )


def _ends(function: Function) -> bool:
    """Whether a function without a return gets to its end, as far as its last statement tells."""
    match function.body[-1]:
        case ast.Raise() | ast.While() | ast.Try() | ast.If() | ast.With() | ast.Match():
            return False
        case ast.Expr(value=ast.Call(func=called)):
            return ast.unparse(called) not in _NEVER_RETURN
    return True
