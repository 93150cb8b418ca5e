"""A node carries options that its calculator does not read.

## What it does

Compares the messages in `options` and `node_options` with the one that the calculator of the node reads.

## Why it is bad

MediaPipe ignores a message of another type silently: the node runs with its defaults.

## Bad

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node {
  calculator: "FlowLimiterCalculator"
  input_stream: "in"
  input_stream: "FINISHED:out"
  input_stream_info { tag_index: "FINISHED" back_edge: true }
  output_stream: "sampled"
  node_options: { [type.googleapis.com/mediapipe.GateCalculatorOptions]: { allow: true } }  # warning: [GV402]
}
node { calculator: "PassThroughCalculator" input_stream: "sampled" output_stream: "out" }
```

## Good

```pbtxt graph.pbtxt
input_stream: "in"
output_stream: "out"
node { calculator: "PassThroughCalculator" input_stream: "in" output_stream: "out" }
```

## How to fix

Remove the options, or write those that the calculator reads.

## Source

MediaPipe `mediapipe/framework/tool/options_map.h` (fork of OVMS 2026.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from graphval.findings import Effect, Phase, Severity
from graphval.graph import Node
from graphval.rules.context import GraphContext
from graphval.rules.genai.initialised import initializer_of
from graphval.rules.mechanism import Answer, Hit, node_rule
from graphval.textproto import BoundMessage


@node_rule("GV402", "options-nobody-reads", phase=Phase.LOAD, effect=Effect.WRONG, severity=Severity.WARNING)
def RULE(node: Node, context: GraphContext) -> Iterator[Answer]:
    contract = context.contract(node)
    if contract is None or contract.kind == "subgraph" or context.declared(node) is not None:
        return
    read = contract.options_message
    # Of a node that OVMS prepares, what the first entry must be is a rule of its own.
    entries = node.node_options[1:] if initializer_of(node, context) is not None else node.node_options
    messages = [entry.expanded for entry in entries if entry.expanded is not None]
    messages += [field.value for field in node.option_extensions if isinstance(field.value, BoundMessage)]
    for message in messages:
        if message.type_name == read:
            continue
        yield Hit(
            message.place,
            f"{node.calculator} does not read {message.type_name}",
            help=f"it reads {read}" if read else "it has no options",
            node=node,
        )
