"""Two handlers have the same file name, and the second is never imported.

## What it does

Compares the handlers of all graphs of a deployment: those in different folders with one file name.

## Why it is bad

OVMS imports a handler by its file name, and Python imports a name once for the whole server. The node that is loaded
second runs the code of the first.

## Bad

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [{"name": "first"}, {"name": "second"}]
}
```

```pbtxt first/graph.pbtxt
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

```python first/model.py
from pyovms import Tensor


class OvmsPythonModel:
    def execute(self, inputs):
        return [Tensor("out", bytes(inputs[0]))]
```

```pbtxt second/graph.pbtxt
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
      handler_path: "model.py"  # warning: [GV719]
    }
  }
}
```

```python second/model.py
from pyovms import Tensor


class OvmsPythonModel:
    def execute(self, inputs):
        return [Tensor("out", b"other")]
```

## Good

```json config.json
{
  "model_config_list": [],
  "mediapipe_config_list": [{"name": "first"}, {"name": "second"}]
}
```

```pbtxt first/graph.pbtxt
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

```python first/model.py
from pyovms import Tensor


class OvmsPythonModel:
    def execute(self, inputs):
        return [Tensor("out", bytes(inputs[0]))]
```

```pbtxt second/graph.pbtxt
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
      handler_path: "other.py"
    }
  }
}
```

```python second/other.py
from pyovms import Tensor


class OvmsPythonModel:
    def execute(self, inputs):
        return [Tensor("out", b"other")]
```

## How to fix

Give each handler a file name of its own.

## Source

OVMS `src/python/pythonnoderesources.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.rules.context import DeploymentContext
from graphval.rules.mechanism import Answer, Hit, deployment_rule
from graphval.rules.python.handler import Handler, handler_of


@deployment_rule("GV719", "handler-shared", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(context: DeploymentContext) -> Iterator[Answer]:
    first_of: dict[str, Handler] = {}
    for graph in context.graphs:
        for node in graph.graph:
            handler = handler_of(node, graph)
            if handler is None or handler.source is None:
                continue
            first = first_of.setdefault(handler.path.stem, handler)
            if first.source is not None and first.path != handler.path and first.source.text != handler.source.text:
                yield Hit(
                    handler.field.place,
                    f'the module "{handler.path.stem}" is already that of another handler, whose code runs here too',
                    help="give the file a name of its own",
                    node=node,
                    graph=graph.entry.name,
                    related=(("the handler that is imported first", first.field.place),),
                )
