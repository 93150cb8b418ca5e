"""An `option_value` cannot be followed.

## What it does

Looks at `option_value` entries, which copy graph options into node options inside subgraphs: each has the form
`node_field:graph_field`, and the node needs options of its own to copy into.

## Why it is bad

Without a colon the string is read past its end and the server process dies while OVMS loads the graph; where the
field is not found, the graph is refused: `Option extension not found`.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "GateCalculator"
  input_stream: "in"
  output_stream: "out"
  option_value: "allow:gate_open"  # error: [GV403]
}
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Write `node_field:graph_field`, and give the node options to copy into.

## Source

MediaPipe `mediapipe/framework/tool/options_util.cc` (fork of OVMS 2026.4); seen on the real server.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.mechanism import Answer, Hit, node_rule


@node_rule("GV403", "option-value", phase=Phase.LOAD, effect=Effect.REJECT, written=("option_value",))
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    for field in node.bound.all("option_value"):
        if ":" not in field.string:
            yield Hit(
                field.place,
                f'option_value "{field.string}" has no colon',
                help="remove it",
                node=node,
                effect=Effect.ABORT,
            )
        elif not node.option_extensions and not node.node_options:
            yield Hit(
                field.place,
                f'option_value "{field.string}" has no node options to go to',
                node=node,
                help="write the option itself: option_value is for the insides of subgraphs",
            )
