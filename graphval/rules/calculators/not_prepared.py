"""A node that OVMS must prepare stands inside a `SwitchContainer`.

## What it does

Looks for Python, LLM, embeddings, rerank, image generation and speech calculators among the `contained_node` entries
of a `SwitchContainer`.

## Why it is bad

OVMS prepares resources for the nodes of the file only, by their names; inside a container a node has another name.
The graph loads, and every request fails: `Could not find initialized … node named`.

## Bad

```pbtxt graph.pbtxt
input_stream: "OVMS_PY_TENSOR:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  calculator: "SwitchContainer"
  input_side_packet: "PYTHON_NODE_RESOURCES:py"
  input_stream: "IN:in"
  output_stream: "OUT:out"
  node_options: {
    [type.googleapis.com/mediapipe.SwitchContainerOptions]: {
      contained_node: {
        name: "one"
        calculator: "PythonExecutorCalculator"  # error: [GV322]
        node_options: {
          [type.googleapis.com/mediapipe.PythonExecutorCalculatorOptions]: { handler_path: "one.py" }
        }
      }
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Move the node out of the container.

## Source

OVMS `src/mediapipe_internal/node_initializer.cpp` (2026.4); MediaPipe `mediapipe/framework/tool/switch_container.cc`
(fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import MOST_CONNECTIONS, connections_of
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, Skip, graph_rule

_LOOKED_UP_LATE = frozenset({"ImageGenCalculator", "S2tCalculator", "T2sCalculator"})
"""They look their resources up for each packet, the others when they open."""


@graph_rule(
    "GV322", "contained-node-not-prepared", phase=Phase.CREATE, effect=Effect.REJECT, written=("contained_node",)
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    if sum(map(connections_of, context.contained)) > MOST_CONNECTIONS:
        yield Skip(f"its contained nodes have more than {MOST_CONNECTIONS:,} connections, and not all are looked at")
    initialisers = context.catalog.node_initializers if context.contained else ()
    for node in context.contained:
        if any(initialiser.applies_to(node.registered_as) for initialiser in initialisers):
            yield Hit(
                node.calculator_place,
                f"OVMS prepares nothing for a {node.calculator} inside a SwitchContainer",
                help="put the node into the graph itself",
                phase=Phase.SERVE if node.registered_as in _LOOKED_UP_LATE else None,
                node=node,
            )
