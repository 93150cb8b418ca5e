"""A node lacks a stream or side packet that its calculator needs.

## What it does

Compares the node with the contract of its calculator: every required input stream, output stream and input side
packet is there. Of a subgraph those are needed without which a node inside would lack its own. A stream without tag never stands for a tagged one, nor the reverse.

## Why it is bad

OVMS refuses the graph when it loads it: `Failed to get tag "X" index 0`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PreviousLoopbackCalculator"  # error: [GV303]
  input_stream: "MAIN:in"
  output_stream: "PREV_LOOP:out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Add the stream or side packet with the tag that the help shows.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Connection, Node
from graphval.rules.calculators.connections import misfits
from graphval.rules.calculators.ports import written
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import unmistakable
from graphval.textproto import Fix


@node_rule("GV303", "missing-connection", phase=Phase.LOAD, effect=Effect.REJECT, options_apart=True)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for misfit in misfits(node, context):
        if not misfit.missing or not misfit.connections.sound:
            continue
        kind, stray = misfit.kind, next(iter(misfit.strays), None)
        for port, index in misfit.missing:
            what = f"{kind} {port.tag}" if port.tag else f"untagged {kind}"
            if index:
                what += f" with index {index}"
            yield Hit(
                stray.place if stray is not None else node.calculator_place,
                f"{node.calculator} needs the {what}",
                help=f"write {kind.replace(' ', '_')}: {written(port.tag, index)}",
                node=node,
                fix=_retagged(stray, port.tag, [other.tag for other in misfit.ports]) if stray is not None else (),
            )


def _retagged(stray: Connection, tag: str, known: list[str]) -> Fix | tuple[()]:
    """The missing tag in place of one that nobody expects, where that is a misspelling of it and of no other."""
    if not stray.tag or not tag or unmistakable(stray.tag, known) != tag:
        return ()
    return stray.place.rewritten(f'"{tag}{stray.text.removeprefix(stray.tag)}"')
