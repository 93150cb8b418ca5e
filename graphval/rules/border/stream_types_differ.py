"""A stream carries packets of another type than its reader takes.

## What it does

Follows packet types along streams through the contracts of the calculators and compares what a node writes with what
its readers accept. C++ types must be the same: a vector is not its element, `Image` is not `ImageFrame`. Nodes inside
a `SwitchContainer` take and make what the container is connected to.

## Why it is bad

MediaPipe compares the types of connected nodes and refuses the graph when OVMS loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "OVMS_PY_TENSOR:out"
node {
  calculator: "ImageTransformationCalculator"
  input_stream: "IMAGE:in"
  output_stream: "IMAGE:small"
}
node {
  calculator: "PyTensorOvTensorConverterCalculator"
  input_stream: "OVTENSOR:small"  # error: [GV240]
  output_stream: "OVMS_PY_TENSOR:out"
  node_options: {
    [type.googleapis.com/mediapipe.PyTensorOvTensorConverterCalculatorOptions]: {
      tag_to_output_tensor_names { key: "OVMS_PY_TENSOR" value: "small" }
    }
  }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out" }
```

## How to fix

Put a converting calculator between the two, or connect the stream that carries the right type.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` and `mediapipe/framework/tool/switch_container.cc` (fork of
OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.rules.border.apart_inside import apart_inside
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV240", "stream-types-differ", phase=Phase.LOAD, effect=Effect.REJECT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    for mismatch in context.flow.mismatches:
        if mismatch.side:
            continue
        if mismatch.held is not None:
            yield apart_inside(mismatch, mismatch.held)
            continue
        reader, writer = mismatch.consumer, mismatch.producer
        yield Hit(
            reader.connection.place,
            f'the stream "{reader.connection.name}" carries {mismatch.produced}, but this input takes {mismatch.wanted}',
            help="connect another stream, or put a calculator between them that converts",
            related=(
                (
                    f'written by "{writer.node.display}"' if writer.node is not None else "the graph input",
                    writer.connection.place,
                ),
            ),
            node=reader.node,
        )
