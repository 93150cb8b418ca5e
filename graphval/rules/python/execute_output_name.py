"""The handler's `execute` names an output that its node does not have.

## What it does

Compares the names of the tensors that `execute` returns with the names of the node's output streams. It is the stream's
name that counts (what stands behind the last colon), not the tag.

## Why it is bad

Every request fails with `Error occurred during graph execution`; the reason is in the log at level DEBUG only. An output
that is never returned stays empty, and a unary request that waits for it fails.

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
        return [Tensor("OUTPUT", bytes(inputs[0]))]
```

```expect
error: GV716 at model.py:6
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

Name each tensor as the stream behind the tag of an output of the node.

## Limits

Reads names that are written in a returned list, or given to a variable once; computed names are not judged.

## Source

OVMS `src/python/python_executor_calculator.cc` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest
from graphval.rules.python.handler import Handler, handler_of, place_of
from graphval.rules.python.handler_code import (
    Function,
    given_once,
    method,
    model_class,
    place,
    results,
    tensor_name,
    tensors,
)


@node_rule("GV716", "execute-output-name", phase=Phase.SERVE, effect=Effect.REJECT, prepared_as=("Python",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = handler_of(node, context)
    owner = model_class(handler) if handler is not None else None
    execute = method(owner, "execute") if owner is not None else None
    if handler is None or handler.source is None or execute is None:
        return
    streams = {connection.name: connection.tag for connection in node.outputs}
    returned: set[str] = set()
    certain = True
    given = given_once(execute)
    for result in results(execute):
        made = tensors(given, result.value)
        names = [tensor_name(call) for call in made] if made is not None else [None]
        for name in names:
            text = str(name.value) if name is not None else None
            if name is not None and text is not None and text not in streams:
                yield Hit(
                    place(handler.source, name),
                    f'execute returns "{text}", which is no output stream of this node',
                    help=_help(text, streams),
                    node=node,
                    related=(("the node", node.calculator_place),),
                )
            certain = certain and text in streams
            returned.add(text or "")
    if certain and returned:
        yield from _never_returned(node, handler, execute, {n: t for n, t in streams.items() if n not in returned})


def _help(name: str, streams: dict[str, str]) -> str:
    of_tag = next((stream for stream, tag in streams.items() if tag == name), None)
    near = of_tag or nearest(name, streams, cutoff=0.5)
    if near:
        return f'write "{near}", the name of the stream' + (", not its tag" if of_tag else "")
    return f"its output streams are {', '.join(streams)}"


def _never_returned(node: Node, handler: Handler, execute: Function, left: dict[str, str]) -> Iterator[Answer]:
    """Outputs that no return gives, if all names are known and right."""
    assert handler.source is not None
    for stream, tag in left.items():
        if tag != "LOOPBACK":
            yield Hit(
                place_of(handler.source, execute),
                f'execute never returns "{stream}"',
                help="return a tensor for each output stream, or remove the stream",
                node=node,
                severity=Severity.WARNING,
            )
