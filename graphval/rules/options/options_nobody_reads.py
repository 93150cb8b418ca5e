"""A node carries options that its calculator does not read.

## What it does

Compares the messages in `options` and `node_options` with the one that the calculator of the node reads, and with the
place where it looks for it: most take what stands in `options` before what stands in `node_options`, some know only
one of the two.

## Why it is bad

MediaPipe ignores a message of another type, and one in the place that does not count, silently: the node runs with its
defaults, or with the other message.

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
    prepared = initializer_of(node, context) is not None
    # Of a node that OVMS prepares, what the first entry must be is a rule of its own.
    entries = node.node_options[1:] if prepared else node.node_options
    if not entries and "options" not in node.bound.by_name:
        return
    plain = [entry.expanded for entry in entries if entry.expanded is not None]
    extensions = [field.value for field in node.option_extensions if isinstance(field.value, BoundMessage)]
    for message in (*plain, *extensions):
        if message.type_name != read:
            yield Hit(
                message.place,
                f"{node.calculator} does not read {message.type_name}",
                help=f"it reads {read}" if read else "it has no options",
                node=node,
            )
    in_options = [message for message in extensions if message.type_name == read]
    in_node_options = [message for message in plain if message.type_name == read]
    if contract.options_accepts == "node_options":
        # Without any entry OVMS refuses a node that it prepares, which is a rule of its own, too.
        for message in in_options if node.node_options or not prepared else ():
            yield _misplaced(node, message, f"{node.calculator} reads its options from node_options only")
    elif contract.options_accepts == "options_ext":
        for message in in_node_options:
            yield _misplaced(node, message, f"{node.calculator} reads its options from options {{ [{read}.ext] }} only")
    elif in_options:
        for message in in_node_options:
            yield _misplaced(node, message, "what stands in options counts, so this is not read")


def _misplaced(node: Node, message: BoundMessage, said: str) -> Hit:
    return Hit(message.place, said, help="keep what is meant in the place that counts", node=node)
