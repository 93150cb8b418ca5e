"""An `input_stream_info` speaks of an input that the node does not have, or twice of the same one.

## What it does

Checks that each `tag_index` has the form `TAG:index`, names an input stream of the node, and does so once.

## Why it is bad

MediaPipe refuses the graph when OVMS loads it.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "PassThroughCalculator"
  input_stream: "in"
  output_stream: "out"
  input_stream_info { tag_index: "LOOP" back_edge: true }  # error: [GV214]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Name an input of the node as `TAG:index`, and each once.

## Source

MediaPipe `mediapipe/framework/validated_graph_config.cc` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node, StreamInfo
from graphval.graph.tagmap import parse_tag_index
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.rules.nearest import nearest, respelt_tag


@node_rule(
    "GV214",
    "stream-info-unknown-input",
    phase=Phase.LOAD,
    effect=Effect.REJECT,
    written=("input_stream_info",),
    options_apart=True,
)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if context.is_subgraph(node):
        return  # the field itself is refused there
    if not node.inputs.sound:
        return  # which input is meant shows only when the list is mended
    seen: dict[tuple[str, int], StreamInfo] = {}
    for info in node.stream_infos:
        parsed = parse_tag_index(info.tag_index)
        if parsed is None:
            near = nearest(info.tag_index.upper(), [c.tag_index for c in node.inputs])
            yield Hit(
                info.tag_index_place,
                f'"{info.tag_index}" is not of the form "TAG:index"',
                node=node,
                help=f'write "{near}"' if near else _inputs(node),
            )
        elif node.inputs.get(*parsed) is None:
            near = nearest(info.tag_index, [c.tag_index for c in node.inputs])
            yield Hit(
                info.tag_index_place,
                f'input_stream_info names "{info.tag_index}", which is no input of the node',
                help=f'write "{near}"' if near else _inputs(node),
                node=node,
                fix=respelt_tag(info.tag_index_place, info.tag_index, [c.tag_index for c in node.inputs]),
            )
        elif (first := seen.setdefault(parsed, info)) is not info:
            yield Hit(
                info.tag_index_place,
                f'input_stream_info for "{info.tag_index}" is given twice',
                node=node,
                help="keep one of them",
                related=(("the first one", first.place),),
            )


def _inputs(node: Node) -> str:
    return f"the node's inputs are {', '.join(c.tag_index for c in node.inputs) or 'none'}"
