"""The handler imports a module that the OVMS image does not have.

## What it does

Lists the imports at the top level of the handler that are neither in Python's standard library nor part of OVMS's image
nor a file beside the handler. Of OVMS's own module `pyovms` it tells names that are not in there: it has `Tensor` only.

## Why it is bad

The published images support Python but come without other modules, `numpy` included. The import fails when the graph is
loaded, and OVMS refuses the graph.

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
      handler_path: "model.py"  # warning: [GV718]
    }
  }
}
```

```python model.py
import scipy.signal
from pyovms import Tensor


class OvmsPythonModel:
    def execute(self, inputs):
        return [Tensor("out", scipy.signal.detrend(inputs[0]))]
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

Add the module to the image, or do without it.

## Limits

An image of one's own may have the module: an ignore comment on the line says so.

## Source

OVMS `docs/python_support/reference.md` (2026.4): the public image "does not come with external modules installed".
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from graphval.deployment.files import is_directory, is_file
from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.python.handler import handler_of
from graphval.rules.python.handler_code import place
from graphval.textproto import Source

_LISTED = 10
_OF_THE_IMAGE = frozenset({"pyovms", "jinja2", "markupsafe"})


@node_rule(
    "GV718",
    "handler-import",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
    prepared_as=("Python",),
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    if handler is None or handler.source is None or handler.tree is None:
        return
    yield from _not_in_pyovms(node, handler.tree, handler.source, handler.path)
    foreign = {
        name: statement
        for statement, name in _imports(handler.tree)
        if name not in sys.stdlib_module_names and name not in _OF_THE_IMAGE and not _beside(handler.path, name)
    }
    if foreign:
        listed = " and ".join(sorted(foreign)[:_LISTED]) + (" and more" if len(foreign) > _LISTED else "")
        yield Hit(
            handler.field.place,
            f"the handler imports {listed}, which the published image does not have",
            help="install it in an image of your own",
            node=node,
            related=tuple(
                (f"{name} is imported here", place(handler.source, at)) for name, at in islice(foreign.items(), _LISTED)
            ),
        )


def _not_in_pyovms(node: Node, tree: ast.Module, source: Source, path: Path) -> Iterator[Answer]:
    """That a name is imported from OVMS's own module, which has ``Tensor`` and nothing else."""
    for statement in tree.body:
        if not isinstance(statement, ast.ImportFrom) or statement.module != "pyovms" or statement.level:
            continue
        for alias in statement.names:
            if alias.name not in ("Tensor", "*") and not alias.name.startswith("__") and not _beside(path, "pyovms"):
                yield Hit(
                    place(source, statement),
                    f"pyovms has no {alias.name}",
                    help="did you mean Tensor?" if alias.name.lower() == "tensor" else "it has Tensor",
                    node=node,
                    severity=Severity.ERROR,
                )


def _imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """The modules that importing the file imports for certain, by the first part of their names."""
    for statement in tree.body:
        match statement:
            case ast.Import(names=names):
                yield from ((statement, name.name.partition(".")[0]) for name in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield statement, module.partition(".")[0]
            case _:
                pass


def _beside(handler: Path, name: str) -> bool:
    folder = handler.parent
    return is_file(folder / f"{name}.py") or is_directory(folder / name)
