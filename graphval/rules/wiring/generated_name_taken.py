"""A node is called what MediaPipe calls another one.

## What it does

MediaPipe numbers nodes that share a name: two unnamed `PassThroughCalculator` nodes are called
`PassThroughCalculator_1` and `PassThroughCalculator_2`. This looks for an explicit name equal to such a generated
one.

## Why it is bad

The profiler checks that names are unique and ends the server process while OVMS loads the graph: `Calculator "…" has
already been added.`

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "a" }
node { calculator: "PassThroughCalculator" input_stream: "a" output_stream: "b" }
node {
  name: "PassThroughCalculator_2"  # error: [GV220]
  calculator: "PassThroughCalculator"
  input_stream: "b"
  output_stream: "out"
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "a" }
node { calculator: "PassThroughCalculator" input_stream: "a" output_stream: "b" }
node { name: "last" calculator: "PassThroughCalculator" input_stream: "b" output_stream: "out" }
```

## How to fix

Give the node another name.

## Source

MediaPipe `mediapipe/framework/profiler/graph_profiler.cc` and `mediapipe/framework/tool/name_util.cc` (fork of OVMS
2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, graph_rule


@graph_rule("GV220", "generated-name-taken", phase=Phase.LOAD, effect=Effect.ABORT)
def RULE(context: GraphContext) -> Iterator[Answer]:
    first_of: dict[str, Node] = {}
    for node in context.graph:
        first = first_of.setdefault(node.canonical_name, node)
        if first is node:
            continue
        given = node if node.name == node.canonical_name else first
        other = first if given is node else node
        yield Hit(
            given.bound.place_of("name"),
            f'"{given.canonical_name}" is also what MediaPipe calls another node',
            help="choose a name that does not end in a number",
            related=(("the other node", other.calculator_place),),
            node=given,
        )
