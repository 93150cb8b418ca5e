"""A constant SELECT of a mux names an input that does not exist.

## What it does

Follows a `ConstantSidePacketCalculator` through `SidePacketToStreamCalculator` (and calculators that hand packets on)
to the SELECT input of a `MuxCalculator`, and compares the number with the inputs.

## Why it is bad

MuxInputStreamHandler checks the number with a fatal check: the first request ends the whole server process.

## Bad

```pbtxt graph.pbtxt
input_stream: "OVTENSOR1:a"
input_stream: "OVTENSOR2:b"
output_stream: "OVTENSOR:out"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:choice"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions]: { packet { int_value: 2 } } }
}
node {
  calculator: "SidePacketToStreamCalculator"
  input_stream: "TICK:a"
  input_side_packet: "choice"
  output_stream: "AT_TICK:select"
}
node {
  calculator: "MuxCalculator"
  input_stream: "INPUT:0:a"
  input_stream: "INPUT:1:b"
  input_stream: "SELECT:select"  # error: [GV516]
  output_stream: "OUTPUT:out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Choose an input that the node has; they count from 0.

## Source

MediaPipe `mediapipe/framework/stream_handler/mux_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the real
server as SIGABRT.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import Place


@node_rule("GV516", "mux-select", phase=Phase.SERVE, effect=Effect.ABORT, calculators=("MuxCalculator",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    select = node.inputs.get("SELECT")
    if select is None:
        return
    chosen = _constant(context, select.name)
    inputs = len(node.inputs.of("INPUT"))
    if chosen is not None and not 0 <= chosen.value < inputs:
        yield Hit(
            select.place,
            f"SELECT is always {chosen.value}, but there are {inputs} inputs",
            help=f"choose 0 to {inputs - 1}",
            related=(("the number comes from here", chosen.place),),
            node=node,
        )


class _Constant(NamedTuple):
    value: int
    place: Place


def _constant(context: GraphContext, stream: str) -> _Constant | None:
    """The int that a stream always carries, where a constant side packet is its only source."""
    producer = context.wiring.producer(stream)
    if producer is None or producer.node is None or producer.node.registered_as != "SidePacketToStreamCalculator":
        return None
    source = producer.node.input_side_packets.get("", producer.connection.index)
    origin = context.wiring.side_producer(source.name) if source is not None else None
    if origin is None or origin.node is None or origin.node.registered_as != "ConstantSidePacketCalculator":
        return None
    options = origin.node.options_of("mediapipe.ConstantSidePacketCalculatorOptions")
    packets = list(options.messages("packet")) if options is not None else []
    if origin.connection.index >= len(packets):
        return None
    field = packets[origin.connection.index].first("int_value")
    return _Constant(field.number, field.place) if field is not None else None
