"""A graph output's tag promises another packet type than the stream carries.

## What it does

OVMS chooses by the tag how to turn the packet of a graph output into the response: `OVTENSOR`, `TENSOR`, `IMAGE` and
so on, and an OpenVINO tensor for every other tag or none; over `/v3` every output is read as a string. The rule
compares that with the type the producing node really emits.

## Why it is bad

OVMS reads the packet without checking its type. The first response ends the whole server process: `Packet::Get()
failed: The Packet stores "A", but "B" was requested.`

## Bad

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "OVTENSOR:out"  # error: [GV242]
node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node { calculator: "ImageTransformationCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out" }
```

## How to fix

Write the tag that fits the packet type of the stream, or convert the packets before the output.

## Source

OVMS `src/kfs_frontend/kfs_graph_executor_impl.cpp` (2026.4); seen on the real server as SIGABRT.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Connection
from graphval.rules.context import GraphContext
from graphval.rules.graph_border import tag_for
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV242", "output-tag-type", phase=Phase.SERVE, effect=Effect.ABORT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    flow, border = context.flow, context.border
    for connection in context.graph.outputs if border.readable else ():
        carried = flow.emitted(connection.name)
        read_as = border.output_types(connection)
        if carried is None or carried in read_as or border.refused(connection):
            continue
        producer = context.wiring.producer(connection.name)
        yield Hit(
            connection.place,
            f'the graph output "{connection.name}" carries {carried}, but OVMS reads it as {" or ".join(read_as)}',
            help=_help(carried, connection),
            related=(
                (("the graph input", producer.connection.place),)
                if producer is not None and producer.node is None
                else ((f'written by "{producer.node.display}"', producer.connection.place),)
                if producer is not None and producer.node is not None
                else ()
            ),
            node=producer.node if producer is not None else None,
        )


def _help(carried: str, connection: Connection) -> str:
    tag = tag_for(carried)
    if tag == "REQUEST":
        return "let a node make the response: the request cannot be handed on as one"
    if tag is not None:
        return f'write output_stream: "{tag}:{connection.name}"'
    return "convert it to a type that OVMS can answer with (OVTENSOR, TENSOR, IMAGE, OVMS_PY_TENSOR)"
