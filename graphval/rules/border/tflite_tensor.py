"""A graph input or output is tagged `TFLITE_TENSOR`.

## What it does

Looks for graph inputs and outputs whose tag begins with `TFLITE_TENSOR`.

## Why it is bad

OVMS cannot turn requests into TFLite tensors or back, and refuses the graph when it loads it. The log says so at
level INFO only.

## Bad

```pbtxt graph.pbtxt
input_stream: "OVTENSOR:in"
input_stream: "TFLITE_TENSOR:old"  # error: [GV230]
output_stream: "OVTENSOR:out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  input_stream: "old"
  output_stream: "out"
  output_stream: "unused"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Use `OVTENSOR` or `TENSOR`, which OVMS makes and reads in every build.

## Source

OVMS `src/mediapipe_internal/mediapipegraphdefinition.cpp` (2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import SPECIAL_TAG

_TAG = "TFLITE_TENSOR"


@graph_rule("GV230", "tflite-tensor", phase=Phase.LOAD, effect=Effect.REJECT, signs=(SPECIAL_TAG,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    border = context.border
    for connection in (*border.inputs_of(_TAG), *border.outputs_of(_TAG)):
        yield Hit(
            connection.place,
            "OVMS has no TFLITE_TENSOR streams at the border of a graph",
            help="use OVTENSOR, or TENSOR for calculators of MediaPipe",
        )
