"""The handler's file name is not one that Python imports.

## What it does

Looks at the file name in `handler_path`: OVMS imports the file by its name without the extension, with the file's folder
as the last place to look. A name that a module of Python itself has, a name with a dot, and another extension than `.py`
do not lead to the file.

## Why it is bad

OVMS refuses the graph when it loads it: another module is imported, which has no `OvmsPythonModel`, or none is found.

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
      handler_path: "json.py"  # error: [GV717]
    }
  }
}
```

```python json.py
from pyovms import Tensor


class OvmsPythonModel:
    def execute(self, inputs):
        return [Tensor("out", bytes(inputs[0]))]
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
      handler_path: "to_json.py"
    }
  }
}
```

```python to_json.py
from pyovms import Tensor


class OvmsPythonModel:
    def execute(self, inputs):
        return [Tensor("out", bytes(inputs[0]))]
```

## How to fix

Give the file a name that Python can import: letters, digits and underscores, and `.py` at the end.

## Source

OVMS `src/python/pythonnoderesources.cpp` (2026.4).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.python.handler import handler_of

_IMPORTED = (".py", ".pyc", ".so")
_OF_OVMS = ("pyovms", "openvino", "jinja2", "markupsafe")


@node_rule("GV717", "handler-module-name", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    if handler is None or handler.source is None:
        return
    path = PurePosixPath(handler.field.string)
    why = _why_not(path.stem, path.suffix)
    if why is not None:
        message, advice = why
        yield Hit(handler.field.place, message, help=advice, node=node)


def _why_not(name: str, suffix: str) -> tuple[str, str] | None:
    if suffix not in _IMPORTED:
        return f'"{name}{suffix}" is no file that Python imports', "give it the extension .py"
    if "." in name:
        return (
            f'"{name}" has a dot, so that Python looks for a package',
            f"rename it to {name.replace('.', '_')}{suffix}",
        )
    if name in sys.stdlib_module_names or name in _OF_OVMS:
        return (
            f'Python imports its own module "{name}", not this file',
            f"rename it, to {name}_handler{suffix} for example",
        )
    return None
