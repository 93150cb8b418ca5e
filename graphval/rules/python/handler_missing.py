"""The handler file of a Python node does not exist.

## What it does

Resolves `handler_path` against the directory of the graph file and looks for the file. An empty path names no file.

## Why it is bad

OVMS refuses the graph when it loads it: `Python node handler_path: X does not exist.`

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
      handler_path: "other.py"  # error: [GV710]
    }
  }
}
```

```python model.py
class OvmsPythonModel:
    def execute(self, inputs):
        return inputs
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
    def execute(self, inputs):
        return inputs
```

## How to fix

Put the file there, or correct `handler_path`; it is relative to the graph's folder.

## Source

OVMS `src/python/pythonnoderesources.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.deployment.files import display, is_directory
from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import options_of_kind
from graphval.rules.mechanism import Answer, Hit, Skip, node_rule
from graphval.rules.python.handler import handler_of


@node_rule("GV710", "handler-missing", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    options = options_of_kind(node, context, "Python")
    written_at = options.first("handler_path") if options is not None else None
    if written_at is not None and not written_at.string:
        yield Hit(written_at.place, "handler_path is empty", help="name the file that holds OvmsPythonModel", node=node)
        return
    handler = handler_of(node, context)
    if handler is None or handler.source is not None:
        return
    written = handler.field.string
    strange = next((c for c in written if ord(c) < 32), None)
    if strange is not None:
        yield Hit(
            handler.field.place,
            f"handler_path holds a control character (U+{ord(strange):04X})",
            help="a backslash begins an escape: write / in paths",
            node=node,
        )
    elif context.no_models:
        yield Skip(f'the handler "{written}" is not at hand', node)
    else:
        folder = is_directory(handler.path)
        yield Hit(
            handler.field.place,
            f'the handler "{written}" is a folder' if folder else f'the handler file "{written}" does not exist',
            help=f"it was looked for as {display(handler.path)}",
            node=node,
        )
