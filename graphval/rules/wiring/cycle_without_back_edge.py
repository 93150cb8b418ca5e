"""Nodes wait for each other in a circle, and no input of the circle is declared as a back edge.

## What it does

Looks for circles of streams and side packets, streams declared with `back_edge: true` left out. A circle through a
subgraph counts where the subgraph's output waits for its input: `FaceTracking` and `HandTracking` take their landmarks
as a back edge inside.

## Why it is bad

MediaPipe cannot order the nodes and refuses the graph when OVMS loads it: `Generator side packet cycle or calculator
stream cycle detected in graph`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PreviousLoopbackCalculator"
  input_stream: "MAIN:in"
  input_stream: "LOOP:out"  # error: [GV213]
  output_stream: "PREV_LOOP:previous"
}
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  input_stream: "previous"
  output_stream: "out"
  output_stream: "previous_out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PreviousLoopbackCalculator"
  input_stream: "MAIN:in"
  input_stream: "LOOP:out"
  output_stream: "PREV_LOOP:previous"
  input_stream_info { tag_index: "LOOP" back_edge: true }
}
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  input_stream: "previous"
  output_stream: "out"
  output_stream: "previous_out"
}
```

## How to fix

Declare the input that closes the circle: `input_stream_info { tag_index: "TAG:0" back_edge: true }` in its node.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Connection, Node
from graphval.graph.tagmap import parse_tag_index
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import CIRCLE


@graph_rule("GV213", "cycle-without-back-edge", phase=Phase.LOAD, effect=Effect.REJECT, signs=(CIRCLE,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    for cycle in context.wiring.cycles:
        if any(_misdeclares(node) for node in cycle):
            continue  # the back edge may be declared for an entry that could not be read, or that another rule misses
        if not _closes(context, cycle):
            continue
        closing = list(_closing_inputs(context, cycle))
        node, connection = closing[0] if closing else (cycle[0], None)
        names = ", ".join(f'"{member.display}"' for member in cycle)
        if connection is None:
            yield Hit(
                node.calculator_place,
                f"side packets run in a circle through {names}",
                node=node,
                help="a circle of side packets cannot be broken: remove one of them",
            )
            continue
        info = f'input_stream_info {{ tag_index: "{connection.tag_index}" back_edge: true }}'
        text = (
            f'"{node.display}" reads its own output' if len(cycle) == 1 else f"streams run in a circle through {names}"
        )
        yield Hit(
            connection.place,
            f"{text}, and no back edge breaks it",
            help=f'add to "{node.display}": {info}',
            related=tuple(("this input could be the back edge", other.place) for _, other in closing[1:]),
            node=node,
        )


def _misdeclares(node: Node) -> bool:
    """Whether a node declares a back edge, and it is not certain for which input."""
    if node.stream_infos and not node.inputs.sound:
        return True
    named = (parse_tag_index(info.tag_index) for info in node.stream_infos if info.back_edge)
    return any(parsed is None or node.inputs.get(*parsed) is None for parsed in named)


def _closing_inputs(context: GraphContext, cycle: list[Node]) -> Iterator[tuple[Node, Connection]]:
    """Inputs through which a member of the circle reads a stream of a member written further down (or its own).

    Those are the likely back edges: authors list nodes in the order of the data.
    """
    positions = {node.position for node in cycle}
    for node in cycle:
        for connection in node.inputs:
            for producer in context.wiring.producers.get(connection.name, ()):
                if (
                    producer.node is not None
                    and producer.node.position in positions
                    and producer.node.position >= node.position
                    and not context.wiring.is_back_edge(node, connection)
                ):
                    yield node, connection


def _closes(context: GraphContext, cycle: list[Node]) -> bool:
    """Whether the circle is still one when each output of a subgraph waits for those inputs only that it needs."""
    contracts = [context.contract(node) for node in cycle]
    if all(contract is None or contract.kind != "subgraph" for contract in contracts):
        return True
    feeds: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for node, contract in zip(cycle, contracts, strict=True):
        after = {port.tag: port.after for port in contract.outputs} if contract is not None else {}
        made = [("stream", c.name, after.get(c.tag)) for c in node.outputs]
        made += [("side packet", c.name, None) for c in node.output_side_packets]
        read = [("stream", c.name, c.tag) for c in node.inputs if not context.wiring.is_back_edge(node, c)]
        read += [("side packet", c.name, "") for c in node.input_side_packets]
        for kind, name, tag in read:
            feeds.setdefault((kind, name), set()).update(
                (made_kind, made_name)
                for made_kind, made_name, needed in made
                if needed is None or tag in needed or kind == "side packet"
            )
    # Streams that feed nothing cannot be part of a circle; what is left when all such are gone is one.
    while open_ended := [stream for stream, fed in feeds.items() if not any(other in feeds for other in fed)]:
        for stream in open_ended:
            del feeds[stream]
    return bool(feeds)
