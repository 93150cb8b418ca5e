"""Two entries of one list claim the same tag and index.

## What it does

Looks for two streams or side packets in one list that MediaPipe puts on the same place. `TAG:name` always means index
0: only entries without a tag are numbered by themselves.

## Why it is bad

MediaPipe refuses the tag map (`tag "IMAGE" index 0 already had a name`), so OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "IMAGE:left"
input_stream: "IMAGE:right"  # error: [GV204]
output_stream: "IMAGE:out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "left"
  input_stream: "right"
  output_stream: "out"
  output_stream: "unused"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "IMAGE:0:left"
input_stream: "IMAGE:1:right"
output_stream: "IMAGE:out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "left"
  input_stream: "right"
  output_stream: "out"
  output_stream: "unused"
}
```

## How to fix

Number the entries: `TAG:0:a`, `TAG:1:b`; or give them different tags. Where the calculator takes several streams of
that tag, `graphval lint --fix` numbers them.

## Source

MediaPipe `mediapipe/framework/tool/tag_map.cc` (fork of OVMS 2026.4); that tags without index are not numbered was
seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.catalog import Port
from graphval.findings import Effect, Phase
from graphval.graph import Node, TagMap
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import UNSOUND_LIST


def _clashes(entries: TagMap, node: Node | None, ports: tuple[Port, ...]) -> Iterator[Answer]:
    """``ports`` are those of the node's contract on this side; where one takes many streams, numbering is all it needs."""
    numbered = {port.tag for port in ports if port.indexes != "single"}
    highest: dict[str, int] = {}
    for connection in entries if entries.clashes else ():
        highest[connection.tag] = max(connection.index, highest.get(connection.tag, 0))
    for first, second in entries.clashes:
        following = highest[second.tag] + 1
        yield Hit(
            second.place,
            f'"{second.text}" claims {second.tag_index}, which "{first.text}" already has',
            help=f'number them: "{second.tag}:{following}:{second.name}"' if second.tag else "",
            related=(("the first entry", first.place),),
            node=node,
            fix=second.place.rewritten(f'"{second.tag}:{following}:{second.name}"')
            if second.tag and second.valid and (node is None or second.tag in numbered)
            else (),
        )


@graph_rule("GV204", "same-tag-index", phase=Phase.LOAD, effect=Effect.REJECT, signs=(UNSOUND_LIST,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    for entries in (graph.inputs, graph.outputs):
        yield from _clashes(entries, None, ())
    for node in graph:
        contract = context.contract(node)
        for entries, side in (
            (node.inputs, "inputs"),
            (node.outputs, "outputs"),
            (node.input_side_packets, "input_side_packets"),
            (node.output_side_packets, "output_side_packets"),
        ):
            yield from _clashes(entries, node, getattr(contract, side, ()))
