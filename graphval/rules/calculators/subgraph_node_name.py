"""A subgraph node has a name that cannot be part of a stream's name.

## What it does

Looks at the `name` of nodes whose calculator is a subgraph. MediaPipe puts it before the name of every stream and side
packet inside, in lower case, with `_` for dots, blanks and colons. What comes out must be lower case letters, digits
and `_`, not beginning with a digit.

## Why it is bad

OVMS refuses the graph when it loads it: `TAG:index:name is invalid, "IMAGE:face-detection__image" does not match …`.
Nodes of calculators may have any name, so the mistake shows only when a calculator is replaced by a subgraph.

## Bad

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node {
  name: "face-detection"  # error: [GV321]
  calculator: "FaceDetectionShortRangeCpu"
  input_stream: "IMAGE:in"
  output_stream: "DETECTIONS:faces"
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "IMAGE:in"
output_stream: "IMAGE:out"
node {
  name: "face_detection"
  calculator: "FaceDetectionShortRangeCpu"
  input_stream: "IMAGE:in"
  output_stream: "DETECTIONS:faces"
}
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write a name of letters, digits and `_` that begins with a letter.

## Source

MediaPipe `mediapipe/framework/tool/subgraph_expansion.cc` (fork of OVMS 2026.4); seen in the MediaPipe wheel 0.10.21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule

_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | dict.fromkeys(map(ord, ". :"), "_")
_PREFIX = re.compile(r"[a-z_][a-z0-9_]*")
_FOREIGN = re.compile(r"[^A-Za-z0-9_]")


@node_rule("GV321", "subgraph-node-name", phase=Phase.LOAD, effect=Effect.REJECT, options_apart=True)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    if not node.name or not context.is_subgraph(node):
        return
    prefix = prefix_of(node.name)
    if node.position >= len(context.graph.nodes):
        prefix = f"container_{prefix}"  # nodes inside a container have its name before theirs
    if _PREFIX.fullmatch(prefix) is None:
        better = _FOREIGN.sub("_", node.name)
        yield Hit(
            node.bound.place_of("name"),
            f'the name "{node.name}" of a subgraph node becomes part of names inside, which it makes invalid',
            help=f'write name: "{better if not better[0].isdigit() else f"_{better}"}"',
            node=node,
        )


def prefix_of(name: str) -> str:
    """What the names inside a subgraph begin with, of the name of its node."""
    return name.translate(_LOWER)
