"""A graph of a pool keeps packets from one request for the next.

## What it does

Looks for calculators that remember earlier packets, or that send a packet only once in the life of a graph, in a
graph with a pool.

## Why it is bad

The graphs of a pool are started once and serve request after request; they are neither closed nor opened in between.
What a calculator keeps of one request reaches the next, perhaps another client's; what is sent once is missing from
the second request on.

## Bad

```pbtxt graph.pbtxt
# OVMS_GRAPH_QUEUE_MAX_SIZE: 2
input_stream: "in"
output_stream: "out"
node {
  calculator: "SequenceShiftCalculator"  # warning: [GV526]
  input_stream: "in"
  output_stream: "out"
  options { [mediapipe.SequenceShiftCalculatorOptions.ext] { packet_offset: 0 } }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "SequenceShiftCalculator"
  input_stream: "in"
  output_stream: "out"
  options { [mediapipe.SequenceShiftCalculatorOptions.ext] { packet_offset: 0 } }
}
```

## How to fix

Remove the directive, or see that nothing of one request is left for the next.

## Source

OVMS `src/mediapipe_internal/graphqueue.cpp` (2026.4); MediaPipe `mediapipe/calculators/core` and
`mediapipe/calculators/util` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

_REMEMBERS = frozenset(
    {
        "LandmarksSmoothingCalculator",
        "PacketClonerCalculator",
        "PacketResamplerCalculator",
        "PacketThinnerCalculator",
        "PreviousLoopbackCalculator",
        "SequenceShiftCalculator",
        "TrackedDetectionManagerCalculator",
        "VisibilitySmoothingCalculator",
    }
)
_SENDS_ONCE = frozenset({"SidePacketToStreamCalculator"})


@node_rule("GV526", "pool-keeps-state", phase=Phase.SERVE, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    directive = context.graph.directive
    if directive is None or not context.pooled:
        return
    if node.registered_as in _REMEMBERS:
        message = f"{node.calculator} keeps packets of one request for the next"
    elif node.registered_as in _SENDS_ONCE and not _each_tick(node):
        message = f"{node.calculator} sends its packet once, so only the first request of each graph gets it"
    else:
        return
    yield Hit(
        node.calculator_place,
        message,
        help="remove the OVMS_GRAPH_QUEUE_MAX_SIZE line, so that each request gets a new graph",
        related=(("the pool", directive.place),),
        node=node,
    )


def _each_tick(node: Node) -> bool:
    """Whether it sends with every packet of another stream."""
    return any(c.tag == "AT_TICK" for c in node.outputs)
