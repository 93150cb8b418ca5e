"""A handler makes a `Tensor` of something else than a name and a buffer.

## What it does

Looks at the calls of `Tensor`: `Tensor(name, buffer, shape=None, datatype=None)`. The second argument is an object with
Python's buffer protocol (`bytes`, a NumPy array); as a keyword it is called `buffer`.

## Why it is bad

The call raises a TypeError, and the request fails with `Error occurred during graph execution`; the reason is in the log
at level DEBUG only.

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
        return [Tensor("out", "twenty degrees")]
```

```expect
error: GV707 at model.py:6
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

Give the name first, then bytes or an array: `Tensor("out", text.encode())`.

## Limits

What a variable holds is not followed. A warning is given where it is not certain that the line is ever reached.

## Source

OVMS `src/python/binding/ovms_py_tensor.cpp` (2026.4), where the second argument is called `buffer`; its documentation
calls it `data`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.python.handler import handler_of
from graphval.rules.python.handler_code import place
from graphval.rules.python.reached import spots_of

_PARAMETERS = ("name", "buffer", "shape", "datatype")
_NO_BUFFERS = frozenset({"str", "int", "float", "bool", "list", "dict", "tuple", "set", "frozenset", "repr", "sorted"})


@node_rule("GV707", "tensor-arguments", phase=Phase.SERVE, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    if handler is None or handler.source is None or handler.tree is None:
        return
    names = _names(handler.tree)
    for spot in spots_of(node, context):
        call = spot.node
        if not isinstance(call, ast.Call) or _called(call.func) not in names:
            continue
        told = _wrong(call)
        if told is not None:
            where, message, advice = told
            yield Hit(
                place(handler.source, where),
                message,
                help=advice,
                node=node,
                phase=spot.phase,
                severity=None if spot.certain else Severity.WARNING,
            )


def _called(function: ast.expr) -> str:
    """``name`` or ``module.name``; empty for what is called otherwise."""
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return f"{module}.{name}"
        case _:
            return ""


def _names(tree: ast.Module) -> frozenset[str]:
    """As what the file calls ``pyovms.Tensor``."""
    names: set[str] = set()
    taken: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                taken.add(node.id)
        elif isinstance(node, ast.ImportFrom) and node.module == "pyovms":
            names.update(alias.asname or alias.name for alias in node.names if alias.name == "Tensor")
        elif isinstance(node, ast.Import):
            names.update(f"{alias.asname or alias.name}.Tensor" for alias in node.names if alias.name == "pyovms")
    return frozenset(name for name in names if name.partition(".")[0] not in taken)


def _wrong(call: ast.Call) -> tuple[ast.expr, str, str] | None:
    """What is wrong with a call for certain: where, what, and what to do."""
    if any(isinstance(given, ast.Starred) for given in call.args) or any(k.arg is None for k in call.keywords):
        return None
    for keyword in call.keywords:
        if keyword.arg not in _PARAMETERS:
            meant = "buffer" if keyword.arg == "data" else ""
            return (
                keyword.value,
                f"Tensor has no parameter {keyword.arg}",
                f"call it {meant}, or give it second without a name" if meant else f"it has {', '.join(_PARAMETERS)}",
            )
    given = dict(zip(_PARAMETERS, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    if "name" not in given or "buffer" not in given:
        return call, "Tensor takes a name and a buffer", 'write Tensor("…", data)'
    kind = _no_buffer(given["buffer"])
    if kind:
        advice = "encode it: .encode() makes bytes" if kind == "a str" else "give bytes or a NumPy array"
        return given["buffer"], f"a Tensor cannot be made of {kind}", advice
    return None


def _no_buffer(value: ast.expr) -> str:
    """What a value is that certainly has no buffer; empty where it may have one."""
    match value:
        case ast.Constant(value=bytes()):
            return ""
        case ast.Constant(value=constant):
            return "None" if constant is None else f"a {type(constant).__name__}"
        case ast.JoinedStr():
            return "a str"
        case ast.List() | ast.ListComp():
            return "a list"
        case ast.Dict() | ast.DictComp():
            return "a dict"
        case ast.Tuple():
            return "a tuple"
        case ast.Set() | ast.SetComp():
            return "a set"
        case ast.Call(func=ast.Name(id=name)) if name in _NO_BUFFERS:
            return {"repr": "a str", "sorted": "a list"}.get(name, f"a {name}")
        case ast.Call(func=ast.Attribute(value=ast.Name(id="json"), attr="dumps")):
            return "a str"
        case ast.Call(func=ast.Attribute(attr="decode"), args=[] | [ast.Constant(value=str())], keywords=[]):
            return "a str"
        case ast.Call(func=ast.Attribute(attr="tolist"), args=[], keywords=[]):
            return "a list"
        case _:
            return ""
