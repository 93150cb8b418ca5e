"""A handler uses a name that nothing defines.

## What it does

Looks for names that neither the handler's file nor Python itself defines: an import that was forgotten, a misspelt
variable.

## Why it is bad

Python notices when it comes to the name: in the file itself, in `__init__` or in `initialize` OVMS refuses the graph, in
`execute` the request fails with `Error occurred during graph execution`.

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
        return [Tensor("out", bytes(inputs[0]))]
```

```expect
error: GV706 at model.py:3
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

Import the name, define it, or correct its spelling.

## Limits

A warning is given where it is not certain that the line is ever reached: in a branch, a loop, a function that OVMS does
not call itself. A file that imports with a star or defines names while it runs (`exec`, `globals`) is not judged.

## Source

OVMS `src/python/pythonnoderesources.cpp` and `src/python/python_executor_calculator.cc` (2026.4).
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest
from graphval.rules.python.handler import handler_of
from graphval.rules.python.handler_code import place
from graphval.rules.python.reached import spots_of

_OF_MODULES = frozenset({
    "__annotations__", "__builtins__", "__cached__", "__file__", "__loader__", "__path__", "__qualname__", "__module__",
    "__class__", "__firstlineno__", "WindowsError", "_",
})  # fmt: skip
"""Names that a module, a class or a method has besides those of ``builtins``, and what ``gettext`` puts there."""
_MAKE_NAMES = frozenset({"exec", "globals", "vars", "__builtins__", "__import__", "locals", "setattr"})
_MAKE_NAMES_BY = frozenset({"modules", "_convert_"})
"""Attributes by which names come into a module: ``sys.modules[__name__]``, the enumerations of ``enum``."""
_OF_PYTHON_2 = frozenset(
    {"unicode", "xrange", "basestring", "long", "unichr", "raw_input", "buffer", "execfile", "reload"}
)
"""What older Pythons have: a branch that names one is often meant for those only."""
_USUAL = {"Tensor": "from pyovms import Tensor", "np": "import numpy as np", "pd": "import pandas as pd"}


@node_rule("GV706", "undefined-name", phase=Phase.SERVE, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    if handler is None or handler.source is None or handler.tree is None:
        return
    known = _bound(handler.tree)
    if known is None:
        return
    told: set[tuple[str, str]] = set()
    found = [(spot, spot.node) for spot in spots_of(node, context) if isinstance(spot.node, ast.Name)]
    for spot, name in sorted(found, key=lambda one: (not one[0].certain, one[1].lineno, one[1].col_offset)):
        if not isinstance(name.ctx, ast.Load) or name.id in known or (name.id, spot.method) in told:
            continue
        if not spot.certain and name.id in _OF_PYTHON_2:
            continue
        told.add((name.id, spot.method))
        yield Hit(
            place(handler.source, name),
            f"nothing defines {name.id}",
            help=_help(name.id, known),
            node=node,
            phase=spot.phase,
            severity=None if spot.certain else Severity.WARNING,
        )


def _bound(tree: ast.Module) -> frozenset[str] | None:
    """Every name that something in the file gives a value, wherever that counts, and Python's own; ``None`` where names
    may come in other ways."""
    bound = {*dir(builtins), *_OF_MODULES}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):  # as most are
            if not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
            elif node.id in _MAKE_NAMES:
                return None
            continue
        match node:
            case ast.Attribute(attr=name) if name in _MAKE_NAMES_BY:
                return None
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.MatchMapping(rest=str(name)):
                bound.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                bound.update(names)
            case ast.Import(names=names):
                bound.update((alias.asname or alias.name).partition(".")[0] for alias in names)
            case ast.ImportFrom(names=names):
                if any(alias.name == "*" for alias in names):
                    return None
                bound.update(alias.asname or alias.name for alias in names)
            case _:
                pass
        bound.update(parameter.name for parameter in getattr(node, "type_params", ()))
    return frozenset(bound)


def _help(name: str, known: frozenset[str]) -> str:
    if name in _USUAL:
        return f"write {_USUAL[name]}"
    if name in sys.stdlib_module_names:
        return f"write import {name}"
    near = nearest(name, [one for one in known if not one.startswith("__")])
    return f"did you mean {near}?" if near else "import or define it"
