"""The handler of a Python node has no class `OvmsPythonModel` with `execute`.

## What it does

Reads the handler file without running it and looks for the class and its method. Where the class may come from
somewhere else (an import, an assignment, a base class) nothing is said.

## Why it is bad

OVMS refuses the graph when it loads it.

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
      handler_path: "model.py"  # error: [GV712]
    }
  }
}
```

```python model.py
class OvmsModel:
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

Write a class `OvmsPythonModel` with a method `execute(self, inputs)`.

## Source

OVMS `src/python/pythonnoderesources.cpp` (2026.4).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest
from graphval.rules.python.handler import CLASS, handler_of, named_classes, place_of


@node_rule("GV712", "handler-class", phase=Phase.LOAD, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    if handler is None or handler.source is None or handler.tree is None:
        return
    classes, open_ended = named_classes(handler.tree)
    found = next((c for c in classes if c.name == CLASS), None)
    if found is None:
        near = nearest(CLASS, [c.name for c in classes])
        candidate = next((c for c in classes if c.name == near), classes[0] if len(classes) == 1 else None)
        if not open_ended:
            yield Hit(
                handler.field.place,
                f"the handler has no class {CLASS}",
                help=f"rename {candidate.name} to {CLASS}" if candidate is not None else f"define class {CLASS}",
                related=(("this class", place_of(handler.source, candidate)),) if candidate is not None else (),
                node=node,
            )
        return
    members = {m.name for m in found.body if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    assigned = {t.id for m in found.body if isinstance(m, ast.Assign) for t in m.targets if isinstance(t, ast.Name)}
    plain = all(isinstance(base, ast.Name) and base.id == "object" for base in found.bases) and not found.keywords
    if "execute" not in members | assigned and plain and not found.decorator_list:
        yield Hit(
            handler.field.place,
            f"the handler's {CLASS} has no method execute",
            help="define execute(self, inputs)",
            node=node,
            related=(("the class", place_of(handler.source, found)),),
        )
