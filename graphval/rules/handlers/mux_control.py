"""The control stream of MuxInputStreamHandler does not carry int.

## What it does

`MuxInputStreamHandler` takes the last input of a node (tags in alphabetical order, then index) as its control stream
and reads int packets from it. The rule follows the packet types to that input. An input that takes int only, like
`SELECT` of a `MuxCalculator`, is another matter: other packets are refused before the handler sees them.

## Why it is bad

The packet is read without a check of its type; the first request ends the whole server process.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"  # error: [GV515]
  output_stream: "out"
  input_stream_handler { input_stream_handler: "MuxInputStreamHandler" }
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Give the control input a stream of int.

## Source

MediaPipe `mediapipe/framework/stream_handler/mux_input_stream_handler.cc` (fork of OVMS 2026.4); seen on the real
server as SIGABRT.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV515", "mux-control", phase=Phase.SERVE, effect=Effect.ABORT)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    handler = context.handler(node)
    contract = context.contract(node)
    chosen = handler.name if handler is not None else contract.input_policy if contract is not None else ""
    if chosen != "MuxInputStreamHandler" or not node.inputs.sound or not node.inputs:
        return
    if (
        node.registered_as == "MuxCalculator"
        and not node.inputs.has("SELECT")
        and not node.input_side_packets.has("SELECT")
    ):
        return  # its contract refuses the node
    control = max(node.inputs, key=lambda c: (c.tag, c.index))
    carried = context.flow.emitted(control.name)
    if carried is not None and carried != "int" and "int" not in context.flow.taken(control):
        yield Hit(
            control.place,
            f"MuxInputStreamHandler reads its control stream as int, but this one carries {carried}",
            help="use another handler, or let the last input carry int",
            node=node,
        )
