"""The indexes of a tag do not run from 0 without a gap.

## What it does

Looks for a tag with an index whose predecessor is missing.

## Why it is bad

MediaPipe refuses the tag map (`Not all indexes were assigned names`), so OVMS refuses the graph when it loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "a"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "X:0:a"
  input_stream: "X:2:a"  # error: [GV205]
  output_stream: "X:0:out"
  output_stream: "X:2:other"  # error: [GV205]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "a"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "X:0:a"
  input_stream: "X:1:a"
  output_stream: "X:0:out"
  output_stream: "X:1:other"
}
```

## How to fix

Number the entries of the tag from 0 without a gap.

## Source

MediaPipe `mediapipe/framework/tool/tag_map.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node, TagMap
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule
from graphval.rules.signs import UNSOUND_LIST


def _gaps(entries: TagMap, node: Node | None) -> Iterator[Answer]:
    for tag, missing, after in entries.gaps:
        yield Hit(
            after.place,
            f"{tag} has an entry with index {after.index} but none with index {missing}",
            help=f'write "{tag}:{missing}:{after.name}"',
            node=node,
        )


@graph_rule("GV205", "index-gap", phase=Phase.LOAD, effect=Effect.REJECT, signs=(UNSOUND_LIST,))
def RULE(context: GraphContext) -> Iterator[Answer]:
    graph = context.graph
    for entries in (graph.inputs, graph.outputs):
        yield from _gaps(entries, None)
    for node in graph:
        for entries in (node.inputs, node.outputs, node.input_side_packets, node.output_side_packets):
            yield from _gaps(entries, node)
