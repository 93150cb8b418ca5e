"""A node that needs its inputs together is run for each packet alone.

## What it does

Looks for `ImmediateInputStreamHandler`, written on a node or at the top of the graph, in force at nodes that read
several streams which belong together. Calculators that ask for this handler by themselves, ones that look at each
stream's progress on their own, and Python nodes, whose code can tell what has come, are left alone.

## Why it is bad

The handler runs the node as soon as any stream has a packet. All inputs of a unary request have one and the same time,
so it is chance whether they are seen in one run or in several: then the later ones are refused (`Packet timestamp
mismatch`), or the node finds the other inputs empty, fails, or puts out nothing. It is also run, with no packet at all,
when one of its inputs ends before the others.

## Bad

```pbtxt graph.pbtxt
input_stream: "left"
input_stream: "right"
output_stream: "left_out"
output_stream: "right_out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "left"
  input_stream: "right"
  output_stream: "left_out"
  output_stream: "right_out"
  input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }  # warning: [GV518]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "left"
input_stream: "right"
output_stream: "left_out"
output_stream: "right_out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "left"
  input_stream: "right"
  output_stream: "left_out"
  output_stream: "right_out"
}
```

## How to fix

Remove the handler: by default a node waits until all of its inputs are there. Streams that come at times of their own
can be parted with `SyncSetInputStreamHandler`.

## Source

MediaPipe `mediapipe/framework/stream_handler/immediate_input_stream_handler.cc` (fork of OVMS 2026.4); the mismatch was
seen on the real server, the run without packets on the framework.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.catalog import Calculator
from graphval.findings import Effect, Phase, Severity
from graphval.graph import Connection
from graphval.rules.calculators.ports import port_of
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule

IMMEDIATE = "ImmediateInputStreamHandler"
_COPES = frozenset({"PythonExecutorCalculator", "PacketClonerCalculator"})
"""What looks at each of its inputs by itself, though it asks for no handler of its own."""


@graph_rule(
    "GV518",
    "inputs-come-apart",
    phase=Phase.SERVE,
    effect=Effect.REJECT,
    severity=Severity.WARNING,
    written=("input_stream_handler",),
)
def RULE(context: GraphContext) -> Iterator[Answer]:
    for node in context.graph:
        handler, contract = context.handler(node), context.contract(node)
        if handler is None or handler.name != IMMEDIATE or contract is None or context.declared(node) is not None:
            continue
        if contract.name in _COPES or contract.input_policy.startswith(IMMEDIATE):
            continue
        together = [c for c in node.inputs if _belongs(c, contract) and not context.wiring.is_back_edge(node, c)]
        if len(together) > 1:
            yield Hit(
                handler.name_place,
                f'"{node.display}" is run for {_listed(together)} alone, and needs them together',
                help="remove the handler: by default a node waits for all of its inputs",
                related=(("of this node", node.calculator_place),) if handler is not node.handler else (),
                node=node,
            )


def _belongs(connection: Connection, contract: Calculator) -> bool:
    """Whether the calculator reads the stream together with others: it must have it, or takes any number of streams."""
    port = port_of(contract.inputs, connection)
    return port is not None and (not port.optional or port.tag == "*" or port.indexes != "single")


def _listed(connections: list[Connection]) -> str:
    shown = [f'"{connection.name}"' for connection in connections]
    return f"{', '.join(shown[:-1])} and {shown[-1]} each"
